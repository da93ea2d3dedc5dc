package schema

import (
	"regexp"
	"strconv"
)

// declared is one of the inputs that an author declares on a trigger.
type declared struct {
	Name     string `json:"name" form:"required"`
	Type     string `json:"type" default:"text" options:"text|number|boolean|date|object|list|any"`
	Required bool   `json:"required"`
	Help     string `json:"help"`
	Rest     Values `json:"*"`
}

var (
	declaredForm = Of[declared]()
	plainName    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// Declared returns the form that a list of {name, type, required, help} asks for:
// what the author of a flow declared as its inputs. Problems are at "0.name".
func Declared(inputs []any) (Form, Problems) {
	var form Form
	var problems Problems
	seen := map[string]bool{}
	for i, e := range inputs {
		at := strconv.Itoa(i)
		m, ok := e.(map[string]any)
		if !ok {
			problems = append(problems, Problem{at, "must be an object, got " + Describe(e)})
			continue
		}
		var d declared
		if err := declaredForm.Decode(m, &d); err != nil {
			for _, p := range err.(Problems) {
				problems = append(problems, Problem{at + "." + p.Field, p.Message})
			}
			continue
		}
		switch {
		case !plainName.MatchString(d.Name):
			problems = append(problems, Problem{at + ".name", "must be letters, digits and _ and not begin with a digit, got " + Describe(d.Name)})
			continue
		case seen[d.Name]:
			problems = append(problems, Problem{at + ".name", "is there twice; give each input its own name"})
			continue
		}
		seen[d.Name] = true
		form.Fields = append(form.Fields, Field{Name: d.Name, Label: d.Name, Help: d.Help, Type: Type(d.Type), Required: d.Required, Members: openMembers(Type(d.Type))})
	}
	return form, problems
}

func openMembers(t Type) Form { return Form{Open: t == Object || t == List || t == Any} }
