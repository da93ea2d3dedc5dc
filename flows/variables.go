package flows

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// CodeNoSecret is the code of the error of a card whose secret is not there.
const CodeNoSecret = "no_secret"

// AsksVars reports whether some template mentions a variable.
func (p *Program) AsksVars() bool { return p.vars != nil }

// Vars returns the names of the variables that templates mention, sorted.
func (p *Program) Vars() []string { return slices.Sorted(maps.Keys(p.vars)) }

// AsksSecrets reports whether some template mentions a secret.
func (p *Program) AsksSecrets() bool { return p.secrets != nil }

func (p *Program) mentions(r expr.Reference) {
	switch r.Step {
	case reservedVars:
		if p.vars == nil {
			p.vars = map[string]bool{}
		}
		if len(r.Path) > 0 {
			p.vars[r.Path[0].Name] = true
		}
	case reservedSecrets:
		if p.secrets == nil {
			p.secrets = map[string]bool{}
		}
		if len(r.Path) > 0 {
			p.secrets[r.Path[0].Name] = true
		}
	}
}

// masked reports whether a field hides what it is given, and holds one reference and
// nothing else.
func masked(step *Step, card cards.Card, field string) bool {
	f, known := card.Inputs.Field(field)
	text, isText := step.Inputs[field].(string)
	if !known || !f.Secret || !isText {
		return false
	}
	segments := Segments(strings.TrimSpace(text))
	return len(segments) == 1 && segments[0].Simple && len(segments[0].Ref.Path) == 1
}

// marks are what stands for secrets while templates are evaluated.
func marks(mark string, names map[string]bool) schema.Values {
	v := make(schema.Values, len(names))
	for name := range names {
		v[name] = mark + name
	}
	return v
}

// Marks stand for the secrets that an input of a step mentions, as Lookup gives them.
func Marks(mark string, names []string) schema.Values {
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return marks(mark, set)
}

// Reveal returns in with the secrets that its marks stand for, in the fields that hide
// what they are given and nowhere else. Open returns a secret; ErrNotFound fails the card.
func Reveal(form schema.Form, in schema.Values, mark string, open func(name string) (string, error)) (schema.Values, error) {
	if mark == "" {
		return in, nil
	}
	var out schema.Values
	for i := range form.Fields {
		f := &form.Fields[i]
		text, isText := in[f.Name].(string)
		name, marked := strings.CutPrefix(text, mark)
		if !f.Secret || !isText || !marked {
			continue
		}
		secret, err := open(name)
		if errors.Is(err, ErrNotFound) {
			return in, &cards.Error{Code: CodeNoSecret, Message: f.Name + ": there is no secret named " + name + " in the environment that is active"}
		}
		if err != nil {
			return in, err
		}
		if out == nil {
			out = maps.Clone(in)
		}
		out[f.Name] = secret
	}
	if out == nil {
		return in, nil
	}
	return out, nil
}

// Named is a place in which a template mentions a variable or a secret.
type Named struct {
	Step, Field string
	Secret      bool
	Name        string
}

// NamedIn lists the variables and secrets that the templates of a document mention.
func NamedIn(doc Document, reg *cards.Registry) []Named {
	return newOutline(&doc, reg).named()
}

func (o *outline) named() []Named {
	var list []Named
	look := func(step string, n expr.Node, field string) {
		n.Templates(field, func(field string, t expr.Template) {
			for _, r := range t.References() {
				if (r.Step == reservedVars || r.Step == reservedSecrets) && len(r.Path) > 0 && !r.Path[0].List {
					list = append(list, Named{Step: step, Field: field, Secret: r.Step == reservedSecrets, Name: r.Path[0].Name})
				}
			}
		})
	}
	for _, p := range o.steps {
		if p.Off {
			continue
		}
		if p == o.trigger { // its settings are no templates, but for the secrets that it names
			for _, f := range p.Card.Inputs.Fields {
				if text, isText := p.step.Inputs[f.Name].(string); isText && f.Secret && p.Card.Inputs.Applies(&f, p.step.Inputs) {
					var x inputPlanner
					look(p.ID, x.value(text, f.Name), f.Name)
				}
			}
			continue
		}
		var x inputPlanner
		look(p.ID, x.form(p.Card.Inputs, p.step.Inputs, ""), "")
		for _, b := range p.blocks {
			look(p.ID, x.value(schema.Values(b.block.Result), ""), b.name)
		}
	}
	return list
}

// UnknownVariables says where a document mentions variables or secrets that there are not.
func UnknownVariables(named []Named, vars, secrets map[string]bool) Problems {
	var problems Problems
	for _, n := range named {
		if n.Secret && !secrets[n.Name] {
			problems = append(problems, Problem{Step: n.Step, Field: n.Field, Message: "mentions the secret " + n.Name + ", which there is not; make it under Variables, or choose another one"})
		}
		if !n.Secret && !vars[n.Name] {
			problems = append(problems, Problem{Step: n.Step, Field: n.Field, Message: "mentions the variable " + n.Name + ", which there is not; make it under Variables, or choose another one"})
		}
	}
	return problems
}
