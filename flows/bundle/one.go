package bundle

import (
	"context"
	"errors"
	"fmt"

	"flowdeck/cards"
	"flowdeck/connectors"
	"flowdeck/flows"
)

// Flow writes one flow as a file: its name and its text. It is cards.Env.Export: a flow
// that is not there fails with flow_unavailable.
func (b *Bundle) Flow(ctx context.Context, id string) (name string, text []byte, err error) {
	f, err := b.Store.Flow(ctx, id)
	if errors.Is(err, flows.ErrNotFound) {
		return "", nil, &cards.Error{Code: cards.CodeNoFlow, Message: "the flow is not on this server (any more)", Err: err}
	}
	if err != nil {
		return "", nil, err
	}
	named, err := b.Named(ctx)
	if err != nil {
		return "", nil, err
	}
	if text, err = FileOf(f, named).Encode(); err != nil {
		return "", nil, fmt.Errorf("export flow %s: %w", id, err)
	}
	return f.Alias + ".json", text, nil
}

// Named returns the connections there are as files name them, by id.
func (b *Bundle) Named(ctx context.Context) (map[string]ConnectionRef, error) {
	list, err := b.Store.Connections(ctx)
	if err != nil {
		return nil, err
	}
	return namesOf(list), nil
}

func namesOf(list []connectors.Connection) map[string]ConnectionRef {
	named := make(map[string]ConnectionRef, len(list))
	for _, c := range list {
		named[c.ID] = ConnectionRef{c.Name, c.Type}
	}
	return named
}
