package list

import (
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type addInput struct {
	List []any `json:"list" help:"A list, usually an output of another card; left empty, a new one."`
	Item any   `json:"item" help:"What to add."`
}

func (in addInput) items() []any {
	if in.List == nil {
		return []any{}
	}
	return in.List
}

// AddToEnd adds an item behind all others.
var AddToEnd = declare(cards.Spec{
	Name:    "list.add_to_end",
	Title:   "Add to End",
	Icon:    "plus",
	Summary: "Adds an item to the end of a list.",
	Doc: "Puts out the list with one more item behind the others (also known as push).\n\n" +
		"- A list that is added becomes one item; **Union** and **Flatten** combine lists.\n" +
		"- The list that came in stays as it is.",
	Keywords: []string{"list", "append", "push", "add", "last", "array"},
	Examples: []cards.Example{{
		Title: "A third item",
		In:    schema.Values{"list": []any{"a", "b"}, "item": "c"},
		Out:   schema.Values{"list": []any{"a", "b", "c"}},
	}, {
		Title: "The first of a new list",
		In:    schema.Values{"item": 7},
		Out:   schema.Values{"list": []any{7}},
	}, {
		Title: "Text is no list",
		In:    schema.Values{"list": "a", "item": "b"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in addInput) (listOutput, error) { return inserted(in.List, len(in.List), in.Item) })

// AddToStart adds an item before all others.
var AddToStart = declare(cards.Spec{
	Name:    "list.add_to_start",
	Title:   "Add to Start",
	Icon:    "circle-plus",
	Summary: "Adds an item to the start of a list.",
	Doc: "Puts out the list with one more item before the others (also known as unshift).\n\n" +
		"- A list that is added becomes one item; **Union** and **Flatten** combine lists.\n" +
		"- The list that came in stays as it is.",
	Keywords: []string{"list", "prepend", "unshift", "add", "first", "array"},
	Examples: []cards.Example{{
		Title: "A new first item",
		In:    schema.Values{"list": []any{"b"}, "item": "a"},
		Out:   schema.Values{"list": []any{"a", "b"}},
	}, {
		Title: "A list becomes one item",
		In:    schema.Values{"list": []any{"b"}, "item": []any{"a"}},
		Out:   schema.Values{"list": []any{[]any{"a"}, "b"}},
	}, {
		Title: "A number is no list",
		In:    schema.Values{"list": 7, "item": "b"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in addInput) (listOutput, error) { return inserted(in.List, 0, in.Item) })

// inserted is a copy of the list with an item before position i.
func inserted(list []any, i int, item any) (listOutput, error) {
	if err := bounds.CheckItems("list", len(list)+1); err != nil {
		return listOutput{}, err
	}
	return listOutput{slices.Concat(list[:i], []any{item}, list[i:])}, nil
}
