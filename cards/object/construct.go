package object

import (
	"context"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

const category = "Object"

type constructInput struct {
	Fields map[string]any `json:"fields" help:"A name and a value for each. address.city puts city into an object address."`
}

type objectOutput struct {
	Object map[string]any `json:"object" help:"The object."`
}

// Construct makes one object of named values.
var Construct = cards.NewFunction(cards.Spec{
	Name:     "object.construct",
	Title:    "Construct",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "braces",
	Summary:  "Makes an object of the values that you name.",
	Doc: "Puts out one object with the fields that you name; **Set fields** makes each of them an output of its own instead.\n\n" +
		"- A name with dots makes objects inside of the object: `address.city` and `address.zip` become one `address`.\n" +
		"- `tags[0]` and `tags[1]` make a list. A dot that belongs to a name is written `[\"a.b\"]`.\n" +
		"- Values keep their type.",
	Keywords: []string{"object", "create", "make", "build", "fields", "nested", "json", "body"},
	Examples: []cards.Example{{
		Title: "Dots make objects",
		In:    schema.Values{"fields": schema.Values{"name": "Maya", "address.city": "Bonn", "address.zip": "53111"}},
		Out:   schema.Values{"object": schema.Values{"name": "Maya", "address": schema.Values{"city": "Bonn", "zip": "53111"}}},
	}, {
		Title: "Positions make a list",
		In:    schema.Values{"fields": schema.Values{"tags[0]": "new", "tags[1]": 7}},
		Out:   schema.Values{"object": schema.Values{"tags": []any{"new", 7}}},
	}, {
		Title: "A value cannot be an object too",
		In:    schema.Values{"fields": schema.Values{"a": 1, "a.b": 2}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in constructInput) (objectOutput, error) {
	object, err := setAll(schema.Values{}, "fields", in.Fields)
	return objectOutput{object}, err
})

// setAll sets every path of fields, in the order of their names.
func setAll(object schema.Values, field string, fields schema.Values) (schema.Values, error) {
	draft := path.NewDraft(object)
	for _, name := range slices.SortedFunc(maps.Keys(fields), natural) {
		at, err := path.Parse(name)
		if err == nil && at.Empty() {
			return nil, schema.Problems{{Field: field, Message: "has a value without a name; name every value"}}
		}
		if err == nil {
			err = draft.Set(at, fields[name])
		}
		if err != nil {
			return nil, schema.Problems{{Field: field + "." + name, Message: err.Error()}}
		}
	}
	result, _ := draft.Value().(map[string]any)
	return result, nil
}
