package list

import (
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type zipInput struct {
	listInput
	Other []any    `json:"other" label:"Other list" help:"The list to go with it."`
	More  []any    `json:"more" label:"More lists" form:"advanced" format:"json" help:"A list of further lists."`
	Names []string `json:"names" format:"names" placeholder:"id, email" help:"A name for each list: then the items are objects instead of lists."`
}

// Zip puts lists side by side.
var Zip = declare(cards.Spec{
	Name:    "list.zip",
	Title:   "Zip",
	Icon:    "panel-right",
	Summary: "Puts lists side by side, item by item.",
	Doc: "Puts out a list whose first item holds the first items of all lists, whose second item holds the second ones, and so on.\n\n" +
		"- With **Names**, each item is an object instead of a list.\n" +
		"- Where a list is shorter than another, null stands for what it lacks.",
	Keywords: []string{"list", "pair", "combine", "columns", "rows", "transpose", "objects"},
	Examples: []cards.Example{{
		Title: "Pairs",
		In:    schema.Values{"list": []any{1, 2}, "other": []any{"a"}},
		Out:   schema.Values{"list": []any{[]any{1, "a"}, []any{2, nil}}},
	}, {
		Title: "Objects",
		In:    schema.Values{"list": []any{1}, "other": []any{"a"}, "more": []any{[]any{true}}, "names": "id, name, active"},
		Out:   schema.Values{"list": []any{schema.Values{"id": 1, "name": "a", "active": true}}},
	}, {
		Title: "A name is missing",
		In:    schema.Values{"list": []any{1}, "other": []any{"a"}, "names": "id"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in zipInput) (listOutput, error) {
	lists, longest := [][]any{in.List, in.Other}, max(len(in.List), len(in.Other))
	for i, v := range in.More {
		list, isList := v.([]any)
		if !isList {
			return listOutput{}, schema.Problems{{Field: fmt.Sprintf("more.%d", i), Message: "must be a list, got " + schema.Describe(v)}}
		}
		lists, longest = append(lists, list), max(longest, len(list))
	}
	if len(in.Names) > 0 && len(in.Names) != len(lists) {
		return listOutput{}, schema.Problems{{Field: "names", Message: fmt.Sprintf("must be one for each list: there are %d lists, and %d names", len(lists), len(in.Names))}}
	}
	if err := bounds.CheckItems("more", longest*len(lists)); err != nil {
		return listOutput{}, err
	}
	out := make([]any, longest)
	for i := range out {
		row := make([]any, len(lists))
		for j, list := range lists {
			if i < len(list) {
				row[j] = list[i]
			}
		}
		out[i] = row
		if len(in.Names) > 0 {
			object := make(schema.Values, len(row))
			for j, name := range in.Names {
				object[name] = row[j]
			}
			out[i] = object
		}
	}
	return listOutput{out}, nil
})
