package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type sortCustomInput struct {
	inlineInput
	order
}

// SortCustom sorts by an expression.
var SortCustom = declare(cards.Spec{
	Name:    "list.sort_custom",
	Title:   "Sort Custom",
	Icon:    "arrow-up-down",
	Summary: "Puts the items of a list in the order of what an expression makes of them.",
	Doc: "Puts out the items by size of a number or by the alphabet.\n\n" +
		"- Items that are equal stay in the order in which they came. Null comes last, in either direction." + inlineDoc,
	Keywords: []string{"list", "order", "by", "ascending", "descending", "rank", "expression"},
	Examples: []cards.Example{{
		Title: "By a value that is calculated, largest first",
		In:    schema.Values{"list": []any{schema.Values{"p": 2, "n": 3}, schema.Values{"p": 5, "n": 2}}, "expression": "item.p * item.n", "direction": "descending"},
		Out:   schema.Values{"list": []any{schema.Values{"p": 5, "n": 2}, schema.Values{"p": 2, "n": 3}}},
	}, {
		Title: "By length",
		In:    schema.Values{"list": []any{"pear", "fig"}, "expression": "len(item)"},
		Out:   schema.Values{"list": []any{"fig", "pear"}},
	}, {
		Title: "Lists cannot be compared",
		In:    schema.Values{"list": []any{1, 2}, "expression": "[item]"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in sortCustomInput) (listOutput, error) {
	return in.sort(in.List, func(i int, _ any) (any, error) { return in.of(i) },
		func(i int) string { return "expression" })
})
