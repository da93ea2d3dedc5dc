package list

import (
	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type pluckInput struct {
	listInput
	Path        path.Path `json:"path" form:"required" placeholder:"email" help:"Where in each item the value stands, such as email or profile.name."`
	SkipMissing bool      `json:"skip_missing" label:"Skip missing" form:"advanced" help:"Leave out items where nothing stands there, or null."`
}

// Pluck picks the same value from every item.
var Pluck = declare(cards.Spec{
	Name:    "list.pluck",
	Title:   "Pluck",
	Icon:    "list-filter",
	Summary: "Makes a list of one value from each item.",
	Doc: "Puts out what stands at a path in each item, in the order of the items.\n\n" +
		"- Where nothing stands, the new list has null, so that both lists stay as long; **Skip missing** leaves it out.\n" +
		"- Values keep their type.",
	Keywords: []string{"list", "map", "column", "extract", "field", "pick", "values"},
	Examples: []cards.Example{{
		Title: "All email addresses",
		In:    schema.Values{"list": []any{schema.Values{"profile": schema.Values{"email": "a@x.io"}}, schema.Values{"id": 2}}, "path": "profile.email"},
		Out:   schema.Values{"list": []any{"a@x.io", nil}},
	}, {
		Title: "Without those that have none",
		In:    schema.Values{"list": []any{schema.Values{"id": 1}, schema.Values{}, "x"}, "path": "id", "skip_missing": true},
		Out:   schema.Values{"list": []any{1}},
	}, {
		Title: "A path that is none",
		In:    schema.Values{"list": []any{}, "path": "a..b"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in pluckInput) (listOutput, error) {
	list := make([]any, 0, len(in.List))
	for _, item := range in.List {
		if v, _ := in.Path.Get(item); v != nil || !in.SkipMissing {
			list = append(list, v)
		}
	}
	return listOutput{list}, nil
})
