package cardtest

import (
	"context"

	"flowdeck/cards"
)

// exported is the one flow that there is in a test: f_1, with nothing in it.
func exported(_ context.Context, flow string) (name string, text []byte, err error) {
	if flow != "f_1" {
		return "", nil, &cards.Error{Code: cards.CodeNoFlow, Message: "there is no flow " + flow}
	}
	return "sync.json", []byte("{}\n"), nil
}
