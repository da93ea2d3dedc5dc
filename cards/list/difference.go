package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Difference keeps what no other list has.
var Difference = declare(cards.Spec{
	Name:    "list.difference",
	Title:   "Difference",
	Icon:    "minus",
	Summary: "Keeps the items of a list that are not in another.",
	Doc: "Puts out the items of the first list that none of the other lists has, in their order.\n\n" +
		"- **Compare by** says what makes items the same, such as `id`.\n" +
		"- Items that are there twice stay there twice. What only the other list has, you get by changing the two.",
	Keywords: []string{"list", "without", "except", "subtract", "missing", "compare", "new"},
	Examples: []cards.Example{{
		Title: "Not in the other",
		In:    schema.Values{"list": []any{"a", "b", "c", "a"}, "other": []any{"b"}},
		Out:   schema.Values{"list": []any{"a", "c", "a"}},
	}, {
		Title: "By a field",
		In:    schema.Values{"list": []any{schema.Values{"id": 1}, schema.Values{"id": 2}}, "other": []any{schema.Values{"id": 1, "n": "a"}}, "path": "id"},
		Out:   schema.Values{"list": []any{schema.Values{"id": 2}}},
	}, {
		Title: "No list",
		In:    schema.Values{"other": []any{"a"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in severalInput) (listOutput, error) {
	others, err := in.lists()
	if err != nil {
		return listOutput{}, err
	}
	there := newSet(len(in.Other))
	for _, one := range others {
		for _, item := range one {
			v, _ := in.Path.Get(item)
			there.add(v)
		}
	}
	return listOutput{in.kept(in.List, there, false)}, nil
})
