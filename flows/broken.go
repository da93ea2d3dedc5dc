package flows

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Broken is a reference that leads nowhere.
type Broken struct {
	Step string // that has the reference
	Reference
	Why string
}

// BrokenBy lists the references that lead somewhere now and would not after e:
// what to say before a card is moved or deleted. The error is Apply's.
func BrokenBy(doc Document, e Edit, reg *cards.Registry) ([]Broken, error) {
	next, _, _, err := doc.Apply(e, reg)
	if err != nil {
		return nil, err
	}
	type key struct{ step, field, reference string }
	before := map[key]bool{}
	for _, b := range brokenIn(doc, reg) {
		before[key{b.Step, b.Field, b.Reference.String()}] = true
	}
	var list []Broken
	for _, b := range brokenIn(next, reg) {
		if !before[key{b.Step, b.Field, b.Reference.String()}] {
			list = append(list, b)
		}
	}
	return list, nil
}

func brokenIn(doc Document, reg *cards.Registry) []Broken {
	o := newOutline(&doc, reg)
	var list []Broken
	look := func(p *placed, n expr.Node, field string, at spot) {
		n.Templates(field, func(field string, t expr.Template) {
			for _, r := range t.References() {
				if why := o.wrong(r, at); why != "" {
					list = append(list, Broken{Step: p.ID, Reference: Reference{Field: field, Reference: r}, Why: why})
				}
			}
		})
	}
	for _, p := range o.steps {
		if p.Off || p == o.trigger {
			continue
		}
		x := inputPlanner{lib: functions(reg)}
		look(p, x.form(p.Card.Inputs, p.step.Inputs, ""), "", p.spot())
		for _, b := range p.blocks {
			look(p, x.value(schema.Values(b.block.Result), ""), b.name, p.end(b))
		}
	}
	return list
}
