package flows

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Choice is a field of a step that names something the server keeps: a flow, a table.
type Choice struct {
	Step   string
	Field  string
	Format string // of the field: schema.Flow, schema.Table
	ID     string // of what was chosen
}

// Choices lists what the steps of doc have chosen by name. A template is no choice:
// what it names is known only when the flow runs. What is switched off chooses nothing.
func Choices(doc Document, reg *cards.Registry) []Choice {
	var list []Choice
	for _, step := range doc.All() {
		if step.Off {
			continue
		}
		eachChoice(&step, reg, func(c Choice, _ func(string)) { list = append(list, c) })
	}
	return list
}

// Rechoose returns doc with other ids at its choices, also of what is switched off: what id returns for the format
// and the id that stands there.
func Rechoose(doc Document, reg *cards.Registry, id func(format, id string) string) Document {
	return doc.EachStep(func(step *Step) {
		eachChoice(step, reg, func(c Choice, set func(string)) { set(id(c.Format, c.ID)) })
	})
}

// eachChoice calls f for every choice of a step, with what puts another id there.
func eachChoice(step *Step, reg *cards.Registry, f func(c Choice, set func(id string))) {
	card, known := reg.Card(step.Card)
	if !known {
		return
	}
	chosen(card.Inputs, step.Inputs, "", func(c Choice, set func(string)) {
		c.Step = step.ID
		f(c, set)
	})
}

func chosen(form schema.Form, v schema.Values, path string, f func(c Choice, set func(id string))) {
	for i := range form.Fields {
		field := &form.Fields[i]
		value, there := v[field.Name]
		if !there || !form.Applies(field, v) {
			continue
		}
		at := expr.Below(path, field.Name)
		switch x := value.(type) {
		case string:
			if field.Chooses() && x != "" && !strings.Contains(x, "{{") {
				f(Choice{Field: at, Format: field.Format, ID: x}, func(id string) { v[field.Name] = id })
			}
		case map[string]any:
			chosen(field.Members, x, at, f)
		case []any:
			for n, item := range x {
				if m, ok := item.(map[string]any); ok {
					chosen(field.Members, m, expr.Below(at, strconv.Itoa(n)), f)
				}
			}
		}
	}
}

// ChosenIDs returns what the choices of a format name, each once, sorted.
func ChosenIDs(list []Choice, format string) []string {
	ids := map[string]bool{}
	for _, c := range list {
		if c.Format == format {
			ids[c.ID] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// Gone says which choices name something that is not there any more. There has what
// is, by format and id.
func Gone(list []Choice, there map[string]map[string]string) Problems {
	var problems Problems
	for _, c := range list {
		if _, ok := there[c.Format][c.ID]; !ok {
			problems = append(problems, Problem{Step: c.Step, Field: c.Field, Message: "names a " + c.Format + " that is not on this server (any more); choose another one"})
		}
	}
	return problems
}
