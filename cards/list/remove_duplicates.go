package list

import (
	"flowdeck/cards"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type byInput struct {
	listInput
	Path path.Path `json:"path" placeholder:"id" help:"What of an item is compared, such as id; left empty, the whole item."`
}

// RemoveDuplicates keeps one of each.
var RemoveDuplicates = declare(cards.Spec{
	Name:    "list.remove_duplicates",
	Title:   "Remove Duplicates",
	Icon:    "copy",
	Summary: "Keeps the first of all items that are the same.",
	Doc: "Puts out the list without items that were there before.\n\n" +
		"- **Path** says what makes items the same, such as `id`; without it, whole items are compared, lists and objects by what they hold.\n" +
		"- Numbers are compared by value; a number and text are never the same. Items where nothing stands at the path are the same.",
	Keywords: []string{"list", "unique", "distinct", "duplicates", "dedupe", "same"},
	Examples: []cards.Example{{
		Title: "Whole items",
		In:    schema.Values{"list": []any{"a", "b", "a", 1, 1.0, "1"}},
		Out:   schema.Values{"list": []any{"a", "b", 1, "1"}},
	}, {
		Title: "By a field",
		In:    schema.Values{"list": []any{schema.Values{"id": 1, "n": "a"}, schema.Values{"id": 1, "n": "b"}}, "path": "id"},
		Out:   schema.Values{"list": []any{schema.Values{"id": 1, "n": "a"}}},
	}, {
		Title: "No list",
		In:    schema.Values{},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in byInput) (listOutput, error) {
	seen, list := newSet(len(in.List)), make([]any, 0, len(in.List))
	for _, item := range in.List {
		if v, _ := in.Path.Get(item); seen.add(v) {
			list = append(list, item)
		}
	}
	return listOutput{list}, nil
})
