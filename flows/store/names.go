package store

import (
	"context"
	"strings"

	"flowdeck/flows"
)

// namesAtOnce is how many ids one query asks for.
const namesAtOnce = 50

// FlowNames returns the names of the flows that there are among ids.
func (s *Store) FlowNames(ctx context.Context, ids []string) (map[string]string, error) {
	names, err := s.names(ctx, `select id, name from flows where deleted = 0 and id in `, ids)
	return names, failed("read names of flows", err)
}

// names runs a query of ids and names, which ends where the list of ids begins.
func (s *Store) names(ctx context.Context, query string, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	query += "(?" + strings.Repeat(", ?", namesAtOnce-1) + ")"
	for len(ids) > 0 {
		n := min(len(ids), namesAtOnce)
		args := make([]any, namesAtOnce)
		for i := range args {
			args[i] = ids[min(i, n-1)]
		}
		ids = ids[n:]
		err := s.each(ctx, query, args, func(scan scan) error {
			var id, name string
			err := scan(&id, &name)
			names[id] = name
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// FlowTitle is what a flow and its steps are called.
type FlowTitle struct {
	Name  string
	Steps map[string]StepTitle // by id
}

// StepTitle is what a step is called, "" when it is like its card.
type StepTitle struct{ Title, Card string }

// FlowTitles returns what these flows and the steps of their drafts are called, by id.
func (s *Store) FlowTitles(ctx context.Context, ids []string) (map[string]FlowTitle, error) {
	titles := make(map[string]FlowTitle, len(ids))
	if len(ids) == 0 {
		return titles, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	err := s.each(ctx, `select id, name, draft from flows where deleted = 0 and id in (`+strings.Repeat("?, ", len(ids)-1)+`?)`, args, func(scan scan) error {
		var id, name, draft string
		if err := scan(&id, &name, &draft); err != nil {
			return err
		}
		doc, err := flows.DecodeDocument([]byte(draft))
		if err != nil {
			return err
		}
		t := FlowTitle{Name: name, Steps: map[string]StepTitle{}}
		for _, step := range append(doc.All(), doc.Trigger) {
			t.Steps[step.ID] = StepTitle{step.Title, step.Card}
		}
		titles[id] = t
		return nil
	})
	return titles, failed("read titles", err)
}
