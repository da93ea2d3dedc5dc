package object

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type getInput struct {
	Object  any       `json:"object" form:"required" format:"json" help:"An object, or a list."`
	Path    path.Path `json:"path" form:"required" placeholder:"profile.name" help:"Where the value stands, such as profile.name, items[0].id or items[-1] for the last."`
	Default any       `json:"default" label:"When it is not there" form:"advanced" help:"Put out instead when nothing stands at the path."`
}

type getOutput struct {
	Value any  `json:"value" help:"What stands at the path; nothing when it is not there."`
	Found bool `json:"found" help:"Whether something stands there. Null counts as something."`
}

// Get reads one value of an object.
var Get = cards.NewFunction(cards.Spec{
	Name:     "object.get",
	Title:    "Get",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "key",
	Summary:  "Reads a value from an object by its path.",
	Doc: "Puts out what stands at a path, with the type that it has.\n\n" +
		"- A path is names with dots between them. `[0]` is the first item of a list, `[-1]` the last; `[\"next-page\"]` is a name with signs in it.\n" +
		"- Where nothing stands, **found** is false and the value is nothing, or what **When it is not there** says.",
	Keywords: []string{"object", "read", "path", "key", "property", "value", "field"},
	Examples: []cards.Example{{
		Title: "By names and positions",
		In:    schema.Values{"object": schema.Values{"items": []any{schema.Values{"sku": "A-17"}, schema.Values{"sku": "B-2"}}}, "path": "items[-1].sku"},
		Out:   schema.Values{"value": "B-2", "found": true},
	}, {
		Title: "What is not there",
		In:    schema.Values{"object": schema.Values{"name": "Maya"}, "path": "address.city", "default": "unknown"},
		Out:   schema.Values{"value": "unknown", "found": false},
	}, {
		Title: "A path that is none",
		In:    schema.Values{"object": schema.Values{"name": "Maya"}, "path": "a..b"},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "Text has nothing inside",
		In:    schema.Values{"object": "Maya", "path": "name"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in getInput) (getOutput, error) {
	v, err := container("object", in.Object)
	if err != nil {
		return getOutput{}, err
	}
	value, found := in.Path.Get(v)
	if !found {
		value = in.Default
	}
	return getOutput{value, found}, nil
})

// container returns an object or a list, which may be written as JSON.
func container(field string, v any) (any, error) {
	if s, isText := v.(string); isText {
		if read, err := schema.DecodeJSONText(s); err == nil {
			v = read
		}
	}
	switch schema.TypeOf(v) {
	case schema.Object, schema.List:
		return v, nil
	}
	return nil, schema.Problems{{Field: field, Message: "must be an object or a list, got " + schema.Describe(v)}}
}
