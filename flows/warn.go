package flows

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Warnings lists what is doubtful in a document and may be published all the same, by
// step and field: comparisons of values whose types do not fit, references to what a
// field can never hold, and to what was there in a round of a loop alone; inputs that the
// card which begins the flow is never given.
func Warnings(doc Document, reg *cards.Registry) Problems {
	return newOutline(&doc, reg).warnings(reg)
}

func (o *outline) warnings(reg *cards.Registry) Problems {
	var list Problems
	var types map[string]map[string]schema.Type // made when first needed
	typeOf := func(r expr.Reference) schema.Type {
		if types == nil {
			types = map[string]map[string]schema.Type{}
		}
		p, ok := o.byID[r.Step]
		if !ok {
			return schema.Any
		}
		if types[r.Step] == nil {
			types[r.Step] = map[string]schema.Type{}
			for _, out := range p.outputs() {
				types[r.Step][out.Path] = out.Type
			}
		}
		return types[r.Step][r.PathString()]
	}
	caught := slices.ContainsFunc(o.steps, func(p *placed) bool {
		return p.step.Policy.OnError == OnCatch && slices.ContainsFunc(p.blocks, func(b placedBlock) bool { return b.spec.Loop })
	})
	for _, p := range o.steps {
		if p == o.trigger && p.known && p.Card.Warn != nil { // what it declares holds no templates
			for _, w := range p.Card.Warn(p.step.Inputs) {
				list = append(list, Problem{Step: p.ID, Field: w.Field, Message: w.Message})
			}
		}
		if p.Off || p == o.trigger {
			continue
		}
		list = append(list, p.mismatches(o, typeOf)...)
		if caught {
			list = append(list, p.ofRounds(o, reg)...)
		}
		if p.Card.Warn == nil {
			continue
		}
		x := inputPlanner{lib: functions(reg)}
		n := x.form(p.Card.Inputs, p.step.Inputs, "")
		known, _ := n.Known(func(t expr.Template) any {
			if r, alone := t.Reference(); alone && o.wrong(r, p.spot()) == "" {
				return schema.Expected(typeOf(r))
			}
			return schema.Later
		}).(map[string]any)
		for _, w := range p.Card.Warn(known) {
			list = append(list, Problem{Step: p.ID, Field: w.Field, Message: w.Message})
		}
	}
	return list
}

// ofRounds are the references to steps of a loop from what runs when that has failed:
// they had a value in every round, and have none then.
func (p *placed) ofRounds(o *outline, reg *cards.Registry) (list Problems) {
	look := func(n expr.Node, field string, at spot) {
		n.Templates(field, func(field string, t expr.Template) {
			for _, r := range t.References() {
				q, there := o.byID[r.Step]
				if !there {
					continue
				}
				if loop := at.past(q); loop != nil {
					list = append(list, Problem{Step: p.ID, Field: field, Message: "{{ " + r.String() + " }} is always empty here: " + q.name() + " has a value in each round of " +
						loop.name() + " and none when that has failed; use its error"})
				}
			}
		})
	}
	x := inputPlanner{lib: functions(reg)}
	look(x.form(p.Card.Inputs, p.step.Inputs, ""), "", p.spot())
	for _, b := range p.blocks {
		look(x.value(schema.Values(b.block.Result), ""), b.name, p.end(b))
	}
	return list
}
