package list

import (
	"flowdeck/cards"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type filterOutput struct {
	List   []any `json:"list" help:"The items that fit."`
	Others []any `json:"others" help:"The items that do not."`
}

// Filter keeps the items for which a condition holds.
var Filter = newFilter(pattern.New())

func newFilter(compiled *pattern.Cache) cards.Card {
	return declare(cards.Spec{
		Name:    "list.filter",
		Title:   "Filter",
		Icon:    "filter",
		Summary: "Keeps the items for which a condition holds.",
		Doc: "Puts out the items that fit, in their order, and those that do not.\n\n" +
			"- **Path** says what of an item is compared; without it, the item itself is." + testDoc,
		Keywords: []string{"list", "where", "select", "keep", "reject", "partition", "condition"},
		Examples: []cards.Example{{
			Title: "Active users",
			In: schema.Values{"list": []any{schema.Values{"id": 1, "status": "ACTIVE"}, schema.Values{"id": 2, "status": "DEPROVISIONED"}},
				"path": "status", "operator": "equals", "value": "ACTIVE"},
			Out: schema.Values{"list": []any{schema.Values{"id": 1, "status": "ACTIVE"}}, "others": []any{schema.Values{"id": 2, "status": "DEPROVISIONED"}}},
		}, {
			Title: "Numbers above 5",
			In:    schema.Values{"list": []any{3, 7, "12"}, "operator": "greater", "value": 5},
			Out:   schema.Values{"list": []any{7, "12"}},
		}, {
			Title: "What is not empty",
			In:    schema.Values{"list": []any{"a", "", nil}, "operator": "is_not_empty"},
			Out:   schema.Values{"list": []any{"a"}},
		}, {
			Title: "An item that cannot be compared",
			In:    schema.Values{"list": []any{3, nil}, "operator": "greater", "value": 5},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(in testInput) (filterOutput, error) {
		var out filterOutput
		for i, item := range in.List {
			holds, err := in.holds(i, item, compiled)
			switch {
			case err != nil:
				return filterOutput{}, err
			case holds:
				out.List = append(out.List, item)
			default:
				out.Others = append(out.Others, item)
			}
		}
		return out, nil
	})
}
