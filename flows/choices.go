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
// what it names is known only when the flow runs.
func Choices(doc Document, reg *cards.Registry) []Choice {
	var list []Choice
	for _, step := range doc.All() {
		card, known := reg.Card(step.Card)
		if !known || step.Off {
			continue
		}
		list = choices(list, step.ID, "", card.Inputs, step.Inputs)
	}
	return list
}

func choices(list []Choice, step, path string, form schema.Form, v schema.Values) []Choice {
	for i := range form.Fields {
		f := &form.Fields[i]
		value, there := v[f.Name]
		if !there || !form.Applies(f, v) {
			continue
		}
		at := expr.Below(path, f.Name)
		switch x := value.(type) {
		case string:
			if f.Chooses() && x != "" && !strings.Contains(x, "{{") {
				list = append(list, Choice{Step: step, Field: at, Format: f.Format, ID: x})
			}
		case map[string]any:
			list = choices(list, step, at, f.Members, x)
		case []any:
			for n, item := range x {
				if m, ok := item.(map[string]any); ok {
					list = choices(list, step, expr.Below(at, strconv.Itoa(n)), f.Members, m)
				}
			}
		}
	}
	return list
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
