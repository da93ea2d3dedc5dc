package json

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type getInput struct {
	Text string    `json:"text" form:"required" format:"multiline" help:"The JSON text."`
	Path path.Path `json:"path" form:"required" placeholder:"data.items[0].id" help:"Where the value stands, such as data.items[0].id."`
}

type getOutput struct {
	Value any  `json:"value" help:"What stands at the path; nothing when it is not there."`
	Found bool `json:"found" help:"Whether something stands there. Null counts as something."`
}

// Get reads one value of JSON.
var Get = cards.NewFunction(cards.Spec{
	Name:     "json.get",
	Title:    "Get by Path",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "list-tree",
	Summary:  "Reads one value of JSON text by its path.",
	Doc: "Reads JSON and puts out what stands at a path in it; **Get** of the Object cards does that with an object.\n\n" +
		"- A path is names with dots between them. `[0]` is the first item of a list, `[-1]` the last; `[\"next-page\"]` is a name with signs in it.\n" +
		"- Where nothing stands, **found** is false. The text may be 10 MiB long and 1,000 levels deep.",
	Keywords: []string{"json", "read", "path", "extract", "value", "query"},
	Examples: []cards.Example{{
		Title: "Inside of a list",
		In:    schema.Values{"text": `{"data":{"items":[{"id":7},{"id":8}]}}`, "path": "data.items[-1].id"},
		Out:   schema.Values{"value": 8, "found": true},
	}, {
		Title: "Nothing there",
		In:    schema.Values{"text": `{"data":{}}`, "path": "data.id"},
		Out:   schema.Values{"value": nil, "found": false},
	}, {
		Title: "Not JSON",
		In:    schema.Values{"text": `{data}`, "path": "data"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in getInput) (getOutput, error) {
	v, err := read("text", in.Text)
	if err != nil {
		return getOutput{}, err
	}
	value, found := in.Path.Get(v)
	return getOutput{value, found}, nil
})
