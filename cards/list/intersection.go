package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Intersection keeps what all lists have.
var Intersection = declare(cards.Spec{
	Name:    "list.intersection",
	Title:   "Intersection",
	Icon:    "equal",
	Summary: "Keeps the items that are in all of the lists.",
	Doc: "Puts out the items of the first list that each of the other lists has too, every one once.\n\n" +
		"- **Compare by** says what makes items the same, such as `id`; the item of the first list is put out.\n" +
		"- With an other list that is empty, nothing is left.",
	Keywords: []string{"list", "common", "both", "shared", "and", "overlap"},
	Examples: []cards.Example{{
		Title: "In both",
		In:    schema.Values{"list": []any{"a", "b", "b", "c"}, "other": []any{"c", "b"}},
		Out:   schema.Values{"list": []any{"b", "c"}},
	}, {
		Title: "By a field",
		In:    schema.Values{"list": []any{schema.Values{"id": 1, "n": "a"}, schema.Values{"id": 2}}, "other": []any{schema.Values{"id": 1}}, "path": "id"},
		Out:   schema.Values{"list": []any{schema.Values{"id": 1, "n": "a"}}},
	}, {
		Title: "A number is no list",
		In:    schema.Values{"list": []any{"a"}, "other": 7},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in severalInput) (listOutput, error) {
	others, err := in.lists()
	if err != nil {
		return listOutput{}, err
	}
	list := in.List
	for _, one := range others {
		there := newSet(len(one))
		for _, item := range one {
			v, _ := in.Path.Get(item)
			there.add(v)
		}
		list = in.kept(list, there, true)
	}
	seen, once := newSet(len(list)), make([]any, 0, len(list))
	for _, item := range list {
		if v, _ := in.Path.Get(item); seen.add(v) {
			once = append(once, item)
		}
	}
	return listOutput{once}, nil
})

// kept are the items that are in the set, or those that are not.
func (in severalInput) kept(list []any, there *set, want bool) []any {
	kept := make([]any, 0, len(list))
	for _, item := range list {
		if v, _ := in.Path.Get(item); there.has(v) == want {
			kept = append(kept, item)
		}
	}
	return kept
}
