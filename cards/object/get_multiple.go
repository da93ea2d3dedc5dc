package object

import (
	"context"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type wanted struct {
	Name     string    `json:"name" form:"required,fixed" placeholder:"email" help:"The name of the output."`
	Path     path.Path `json:"path" form:"fixed" placeholder:"profile.email" help:"Where the value stands; left empty, it is the name."`
	Type     string    `json:"type" default:"text" options:"text=Text|number=Number|boolean=True / false|date=Date|object=Object|list=List|any=Any" form:"fixed" help:"What it must be; any takes it as it is."`
	Required bool      `json:"required" form:"fixed" help:"Fail when it is not there, or null."`
}

type getMultipleInput struct {
	Object map[string]any `json:"object" form:"required" format:"json" help:"Usually an output of another card."`
	Fields []wanted       `json:"fields" form:"required,fixed" help:"A name for each value; every name becomes an output."`
}

// GetMultiple reads several values of an object.
var GetMultiple = cards.NewFunction(cards.Spec{
	Name:     "object.get_multiple",
	Title:    "Get Multiple",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "list-tree",
	Summary:  "Picks several values from an object at once.",
	Doc: "Puts out each of the values under a name and with a type that you choose.\n\n" +
		"- The path of a value is its name, unless **Path** says another, such as `profile.email` or `items[0].id`.\n" +
		"- A value of another type is converted where nothing is lost by it, such as a number to text. Otherwise the card fails and says which value it was.\n" +
		"- What is not there is put out as nothing, unless it is required.",
	Keywords:    []string{"object", "read", "pick", "fields", "extract", "several", "values", "destructure"},
	OutputsFrom: "fields",
	Examples: []cards.Example{{
		Title: "Two values, one from inside",
		In: schema.Values{"object": schema.Values{"id": 7, "profile": schema.Values{"email": "maya@example.com"}},
			"fields": []any{schema.Values{"name": "id", "type": "number"}, schema.Values{"name": "email", "path": "profile.email"}, schema.Values{"name": "phone"}}},
		Out: schema.Values{"id": 7, "email": "maya@example.com", "phone": nil},
	}, {
		Title: "A number as text",
		In:    schema.Values{"object": schema.Values{"zip": 53111}, "fields": []any{schema.Values{"name": "zip", "type": "text"}}},
		Out:   schema.Values{"zip": "53111"},
	}, {
		Title: "A value that is required and not there",
		In:    schema.Values{"object": schema.Values{"id": 7}, "fields": []any{schema.Values{"name": "email", "required": true}}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in getMultipleInput) (schema.Values, error) {
	out := make(schema.Values, len(in.Fields))
	var problems schema.Problems
	for i, w := range in.Fields {
		at := w.Path
		if at.Empty() {
			at, _ = path.Parse(w.Name)
		}
		if _, twice := out[w.Name]; twice {
			problems = append(problems, schema.Problem{Field: fmt.Sprintf("fields.%d.name", i), Message: "is there twice; give each value its own name"})
			continue
		}
		value, found := at.Get(in.Object)
		if !found && w.Path.Empty() {
			value = in.Object[w.Name] // a name with dots in it
		}
		form := schema.Form{Fields: []schema.Field{{Name: "value", Type: schema.Type(w.Type), Required: w.Required, Members: schema.Form{Open: true}}}}
		got, wrong := form.Convert(schema.Values{"value": value})
		for _, p := range wrong {
			problems = append(problems, schema.Problem{Field: "object." + at.String(), Message: p.Message})
		}
		out[w.Name] = got["value"]
		if w.Type == "text" && value == "" {
			out[w.Name] = ""
		}
	}
	return out, problems.Err()
})
