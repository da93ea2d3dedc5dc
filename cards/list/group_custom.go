package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// GroupCustom groups items by an expression.
var GroupCustom = declare(cards.Spec{
	Name:    "list.group_custom",
	Title:   "Group Custom",
	Icon:    "layers",
	Summary: "Groups the items of a list by what an expression makes of them.",
	Doc: "Puts out the groups in the order in which their first items came; items keep their order too.\n\n" +
		"- **groups** keeps the type of the key; in **object** the keys are text. A key must not be a list or an object." + inlineDoc,
	Keywords: []string{"list", "group", "bucket", "category", "split", "aggregate", "expression"},
	Examples: []cards.Example{{
		Title: "Large and small",
		In:    schema.Values{"list": []any{12, 3, 40}, "expression": `item > 10 ? "large" : "small"`},
		Out:   schema.Values{"count": 2, "object": schema.Values{"large": []any{12, 40}, "small": []any{3}}},
	}, {
		Title: "An object is no key",
		In:    schema.Values{"list": []any{1}, "expression": "{}"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in inlineInput) (groupOutput, error) {
	return grouped(in.List, func(i int, _ any) (any, error) {
		key, err := in.of(i)
		if _, ok := schema.ToText(key); err == nil && !ok && key != nil {
			err = failed(i, "must be text, a number or true/false to group by, got "+schema.Describe(key))
		}
		return key, err
	})
})
