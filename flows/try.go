package flows

import (
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Tried is what an expression gives with the values that are known.
type Tried struct {
	Value  any
	Wrong  string // what is wrong; "" when nothing is
	Column int    // where in the expression, from 1; 0 when that is not known
	Note   string // what the value is about, or why there is none: a whole sentence
	None   bool   // there is no value, and nothing wrong either
}

// Try evaluates an expression as it would stand in a field of a step, or in the result
// of a block of it, on the outputs that lookup knows. Of an Inline field it is evaluated for the first item.
func Try(doc Document, stepID, block, field, src string, reg *cards.Registry, lookup func(step string) (schema.Values, bool)) Tried {
	o := newOutline(&doc, reg)
	p, ok := o.byID[stepID]
	if !ok {
		return Tried{Wrong: "this card is not in the flow any more"}
	}
	lib, scope := functions(reg), lookupScope(lookup)
	top := topOf(field)
	f, _ := p.Card.Inputs.Field(top)
	at := p.spot()
	if block == "" && slices.Contains(p.Card.Late, top) {
		at = p.late()
	}
	for _, b := range p.blocks {
		if block != "" && b.name == block {
			at, f = p.end(b), schema.Field{}
		}
	}
	if f.Format == schema.Inline {
		n, err := lib.Inline(src, f.Vars)
		if t, done := o.tried(&n, err, at, scope); done {
			return t
		}
		v, _ := n.Eval(scope)
		return first(v.(*schema.Expression), p, lib, scope)
	}
	t, err := lib.Expression(src)
	n := expr.Leaf(t)
	if tried, done := o.tried(&n, err, at, scope); done {
		return tried
	}
	v, err := n.Eval(scope)
	if err != nil {
		return wrong(err)
	}
	return Tried{Value: v}
}

// tried is what can be said before anything is evaluated: that it is no expression,
// that it mentions what it cannot, or that nothing is known of what it mentions.
func (o *outline) tried(n *expr.Node, err error, at spot, scope lookupScope) (t Tried, done bool) {
	if err != nil {
		return wrong(err), true
	}
	n.Templates("", func(_ string, tmpl expr.Template) {
		for _, r := range tmpl.References() {
			if why := o.wrong(r, at); why != "" {
				t, done = Tried{Wrong: why, Column: r.Column}, true
				return
			}
			if _, known := scope.Lookup(r.Step); !known && !done {
				t, done = Tried{None: true, Note: "Nothing is known of " + o.nameOf(r.Step) + " yet: run the flow or test the card to see a value here."}, true
			}
		}
	})
	return t, done
}

func (o *outline) nameOf(step string) string {
	if p, ok := o.byID[step]; ok {
		return p.name()
	}
	return "{{ " + step + " }}"
}

func wrong(err error) Tried {
	e, ok := err.(*expr.Error)
	if !ok {
		return Tried{Wrong: err.Error()}
	}
	return Tried{Wrong: e.Why(), Column: max(e.Column, e.Cause)}
}

// first evaluates an inline expression for the first of what its card goes through.
func first(e *schema.Expression, p *placed, lib expr.Library, scope lookupScope) Tried {
	x := inputPlanner{lib: lib}
	inputs := x.form(p.Card.Inputs, p.step.Inputs, "")
	v, err := inputs.Eval(scope)
	if err != nil || x.problems != nil {
		return Tried{None: true, Note: "There is a value here when the other fields of the card are right."}
	}
	in, _ := v.(map[string]any)
	list, _ := in["list"].([]any)
	object, _ := in["object"].(map[string]any)
	var vars []any
	f, _ := p.Card.Inputs.Field(inlineOf(p.Card.Inputs))
	for _, name := range f.Vars {
		switch {
		case name == "acc":
			vars = append(vars, in["start"])
		case name == "item" && len(list) > 0:
			vars = append(vars, list[0])
		case name == "index" && len(list) > 0:
			vars = append(vars, int64(0))
		case len(object) > 0:
			key := slices.Min(slices.Collect(maps.Keys(object)))
			if vars = append(vars, key); name == "value" {
				vars[len(vars)-1] = object[key]
			}
		default:
			return Tried{None: true, Note: "There is a value here when the list or object that the card goes through is known and not empty."}
		}
	}
	if v, err = e.Eval(vars...); err != nil {
		return wrong(err)
	}
	return Tried{Value: v, Note: "For the first item."}
}

// inlineOf is the name of the Inline field of a form.
func inlineOf(form schema.Form) string {
	for _, f := range form.Fields {
		if f.Format == schema.Inline {
			return f.Name
		}
	}
	return ""
}

// Offered is a function that an expression may call, for offering it.
type Offered struct{ Name, Signature, Gives, Does string }

// Offers lists the functions of the language and of the cards.
func Offers(reg *cards.Registry) []Offered {
	var list []Offered
	for _, w := range expr.Words() {
		list = append(list, Offered{w.Name, w.Signature(), w.Gives, w.Does})
	}
	for _, c := range reg.All() {
		if Callable(c) {
			list = append(list, Offered{c.Name, Signature(c), string(TypeOf(c)), c.Summary})
		}
	}
	return list
}
