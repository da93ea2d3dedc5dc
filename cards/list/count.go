package list

import (
	"flowdeck/cards"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type countOutput struct {
	Count  int `json:"count" help:"How many items fit."`
	Others int `json:"others" help:"How many do not."`
}

// Count counts the items for which a condition holds.
var Count = newCount(pattern.New())

func newCount(compiled *pattern.Cache) cards.Card {
	return declare(cards.Spec{
		Name:    "list.count",
		Title:   "Count",
		Icon:    "sigma",
		Summary: "Counts the items for which a condition holds.",
		Doc: "Puts out how many items of a list fit, and how many do not.\n\n" +
			"- **Path** says what of an item is compared; without it, the item itself is." + testDoc,
		Keywords: []string{"list", "number", "how many", "where", "count if", "condition"},
		Examples: []cards.Example{{
			Title: "Open orders",
			In: schema.Values{"list": []any{schema.Values{"state": "open"}, schema.Values{"state": "paid"}, schema.Values{"state": "open"}},
				"path": "state", "operator": "equals", "value": "open"},
			Out: schema.Values{"count": 2, "others": 1},
		}, {
			Title: "An empty list",
			In:    schema.Values{"list": []any{}, "operator": "is_empty"},
			Out:   schema.Values{"count": 0, "others": 0},
		}, {
			Title: "A comparison that there is not",
			In:    schema.Values{"list": []any{}, "operator": "resembles"},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(in testInput) (countOutput, error) {
		var out countOutput
		for i, item := range in.List {
			holds, err := in.holds(i, item, compiled)
			switch {
			case err != nil:
				return countOutput{}, err
			case holds:
				out.Count++
			default:
				out.Others++
			}
		}
		return out, nil
	})
}
