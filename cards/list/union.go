package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Union combines lists.
var Union = declare(cards.Spec{
	Name:    "list.union",
	Title:   "Union (Combine Unique)",
	Icon:    "circle-plus",
	Summary: "Combines lists into one that has every item once.",
	Doc: "Puts out the items of all lists, in their order, without those that were there before.\n\n" +
		"- **Compare by** says what makes items the same, such as `id`; the first one is kept.\n" +
		"- To keep duplicates, put the lists into a list and use **Flatten**.",
	Keywords: []string{"list", "combine", "merge", "unique", "or", "all", "concat"},
	Examples: []cards.Example{{
		Title: "Two lists",
		In:    schema.Values{"list": []any{"a", "b"}, "other": []any{"b", "c"}},
		Out:   schema.Values{"list": []any{"a", "b", "c"}},
	}, {
		Title: "By a field, three lists",
		In:    schema.Values{"list": []any{schema.Values{"id": 1, "n": "a"}}, "other": []any{schema.Values{"id": 1}}, "more": []any{[]any{schema.Values{"id": 2}}}, "path": "id"},
		Out:   schema.Values{"list": []any{schema.Values{"id": 1, "n": "a"}, schema.Values{"id": 2}}},
	}, {
		Title: "Something among the lists that is none",
		In:    schema.Values{"list": []any{"a"}, "more": []any{"b"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in severalInput) (listOutput, error) {
	others, err := in.lists()
	if err != nil {
		return listOutput{}, err
	}
	seen, list := newSet(len(in.List)), make([]any, 0, len(in.List))
	for _, one := range append([][]any{in.List}, others...) {
		for _, item := range one {
			if v, _ := in.Path.Get(item); seen.add(v) {
				list = append(list, item)
			}
		}
	}
	return listOutput{list}, nil
})
