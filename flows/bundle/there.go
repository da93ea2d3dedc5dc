package bundle

import (
	"context"

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

// lacking says where a document names what is neither here nor in the bundle.
func (x *importing) lacking(ctx context.Context, doc flows.Document) (flows.Problems, error) {
	vars, secrets, err := x.readable(ctx)
	if err != nil {
		return nil, err
	}
	list := flows.Choices(doc, x.Cards)
	there := map[string]map[string]string{}
	for format, names := range map[string]func(context.Context, []string) (map[string]string, error){
		schema.Flow: x.Store.FlowNames, schema.Table: x.Store.TableNames} {
		if there[format], err = names(ctx, flows.ChosenIDs(list, format)); err != nil {
			return nil, err
		}
		for _, id := range x.bound {
			there[format][id] = id
		}
	}
	return append(flows.Gone(list, there), flows.UnknownVariables(flows.NamedIn(doc, x.Cards), vars, secrets)...), nil
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
