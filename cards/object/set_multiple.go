package object

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type setMultipleInput struct {
	Object map[string]any `json:"object" format:"json" help:"The object to begin with; left empty, a new one."`
	Fields map[string]any `json:"fields" form:"required" help:"A path and a value for each, such as profile.name."`
}

// SetMultiple sets several values of an object.
var SetMultiple = cards.NewFunction(cards.Spec{
	Name:     "object.set_multiple",
	Title:    "Set Multiple",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "square-pen",
	Summary:  "Sets several values of an object at once.",
	Doc: "Puts out the object with the values that you name; the object that came in stays as it was.\n\n" +
		"- Names are paths: `address.city` sets city inside of address, which is made when it is not there.\n" +
		"- They are set in the order of their names.",
	Keywords: []string{"object", "set", "keys", "change", "update", "add", "extend"},
	Examples: []cards.Example{{
		Title: "Change one, add one",
		In:    schema.Values{"object": schema.Values{"id": 7, "state": "new"}, "fields": schema.Values{"state": "done", "by.name": "Maya"}},
		Out:   schema.Values{"object": schema.Values{"id": 7, "state": "done", "by": schema.Values{"name": "Maya"}}},
	}, {
		Title: "A new object",
		In:    schema.Values{"fields": schema.Values{"id": 7}},
		Out:   schema.Values{"object": schema.Values{"id": 7}},
	}, {
		Title: "A path that is none",
		In:    schema.Values{"object": schema.Values{"id": 7}, "fields": schema.Values{"a..b": 1}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in setMultipleInput) (objectOutput, error) {
	object, err := setAll(in.Object, "fields", in.Fields)
	return objectOutput{object}, err
})
