package flows

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Warnings lists what is doubtful in a document and may be published all the same, by
// step and field: comparisons of values whose types do not fit, and references to what
// a field can never hold.
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
	for _, p := range o.steps {
		if p.Off || p == o.trigger {
			continue
		}
		list = append(list, p.mismatches(o, typeOf)...)
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
