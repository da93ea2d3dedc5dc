package flows

import (
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// mismatches are inputs that are one reference to a value of a type that the field can
// never hold: a list where a number is due.
func (p *placed) mismatches(o *outline, typeOf func(expr.Reference) schema.Type) Problems {
	var list Problems
	for i := range p.Card.Inputs.Fields {
		f := &p.Card.Inputs.Fields[i]
		text, ok := p.step.Inputs[f.Name].(string)
		if !ok || f.Fixed || !strings.HasPrefix(strings.TrimSpace(text), "{{") {
			continue
		}
		t, err := expr.Lenient().Parse(text)
		if err != nil {
			continue
		}
		r, alone := t.Reference()
		if !alone || o.wrong(r, p.spot()) != "" {
			continue
		}
		if given := typeOf(r); never(f.Type, given) {
			list = append(list, Problem{Step: p.ID, Field: f.Name, Message: "wants " + aType(f.Type) + ", but {{ " + r.String() + " }} is " + aType(given)})
		}
	}
	return list
}

// never reports whether no value of a type can be in a field of another.
func never(field, given schema.Type) bool {
	switch field {
	case schema.Number:
		return given == schema.List || given == schema.Object || given == schema.Boolean || given == schema.Date || given == schema.File
	case schema.Boolean:
		return given == schema.List || given == schema.Object || given == schema.Number || given == schema.Date || given == schema.File
	case schema.Date:
		return given == schema.List || given == schema.Object || given == schema.Number || given == schema.Boolean || given == schema.File
	case schema.List:
		return given == schema.Object || given == schema.Number || given == schema.Boolean || given == schema.Date || given == schema.File
	case schema.Object:
		return given == schema.List || given == schema.Number || given == schema.Boolean || given == schema.Date
	}
	return false
}

func aType(t schema.Type) string {
	switch t {
	case schema.Object:
		return "an object"
	case schema.Boolean:
		return "true or false"
	}
	return "a " + string(t)
}
