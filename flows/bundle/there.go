package bundle

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// variablesHere are the variables and secrets that are here, read once.
func (x *importing) variablesHere(ctx context.Context) ([]store.Variable, error) {
	if x.variablesRead {
		return x.variables, nil
	}
	var err error
	if x.variables, err = x.Store.Variables(ctx); err != nil {
		return nil, err
	}
	x.active, err = x.Store.ActiveEnvironment(ctx)
	x.variablesRead = err == nil
	return x.variables, err
}

// surroundings are what flows name, as it will be once everything is imported.
type surroundings struct {
	names         map[string]map[string]string // by format and id
	tables        map[string]cards.Table       // by id
	flows         map[string]callee            // by id
	vars, secrets map[string]bool
}

type callee struct {
	flows.Callee
	terms flows.Terms
}

func (s *surroundings) called(step flows.Step) (flows.Callee, flows.Terms, bool) {
	c, ok := s.flows[flows.CalledFlow(step)]
	return c.Callee, c.terms, ok
}

// whatIsThere reads what the flows of the bundle name, all at once.
func (x *importing) whatIsThere(ctx context.Context, items []work) (*surroundings, error) {
	var choices []flows.Choice
	calls := map[string]bool{}
	for _, w := range items {
		if f, isFlow := w.item.(*flowItem); isFlow {
			choices = append(choices, flows.Choices(f.next.Draft, x.Cards)...)
			for _, id := range flows.Calls(f.next.Draft) {
				calls[id] = true
			}
		}
	}
	s := &surroundings{names: map[string]map[string]string{}, flows: map[string]callee{}}
	var err error
	if s.vars, s.secrets, err = x.readable(ctx); err != nil {
		return nil, err
	}
	if s.names[schema.Flow], err = x.Store.FlowNames(ctx, flows.ChosenIDs(choices, schema.Flow)); err != nil {
		return nil, err
	}
	if s.names[schema.Table], err = x.Store.TableNames(ctx, flows.ChosenIDs(choices, schema.Table)); err != nil {
		return nil, err
	}
	if s.tables, err = x.Store.TablesByID(ctx, flows.ChosenIDs(choices, schema.Table)); err != nil {
		return nil, err
	}
	here, err := x.Store.CalledFlows(ctx, slices.Sorted(maps.Keys(calls)))
	if err != nil {
		return nil, err
	}
	for id, c := range here {
		s.flows[id] = callee{c.Callee, flows.TermsOf(c.Doc)}
	}
	s.coming(x, items)
	return s, nil
}

// coming adds what the bundle brings: it publishes its flows and switches them on.
func (s *surroundings) coming(x *importing, items []work) {
	for _, id := range x.bound {
		s.names[schema.Flow][id], s.names[schema.Table][id] = id, id
	}
	for _, w := range items {
		switch i := w.item.(type) {
		case *flowItem:
			s.flows[i.next.ID] = callee{flows.Callee{FlowID: i.next.ID, Name: i.next.Name, Alias: i.next.Alias, On: true, Version: 1}, flows.TermsOf(i.next.Draft)}
		case *tableItem:
			s.tables[i.id] = cards.Table{ID: i.id, Name: i.file.Name, Columns: i.file.Columns}
		}
	}
}

// readable are the names that flows can read once everything is imported.
func (x *importing) readable(ctx context.Context) (vars, secrets map[string]bool, err error) {
	rows, err := x.variablesHere(ctx)
	if err != nil {
		return nil, nil, err
	}
	vars, secrets = map[string]bool{}, map[string]bool{}
	for _, v := range append(rows[:len(rows):len(rows)], x.come...) {
		switch {
		case v.Env != "" && v.Env != x.active:
		case v.Secret:
			secrets[v.Name] = true
		default:
			vars[v.Name] = true
		}
	}
	return vars, secrets, nil
}
