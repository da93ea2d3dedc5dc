package list

import (
	"flowdeck/cards"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type testInput struct {
	listInput
	test
}

type findOutput struct {
	Item     any  `json:"item" help:"The first item that fits; nothing when none does."`
	Position int  `json:"position" help:"Where it stands, from 0; -1 when none fits."`
	Found    bool `json:"found" help:"Whether one fits."`
}

// Find looks for an item.
var Find = newFind(pattern.New())

func newFind(compiled *pattern.Cache) cards.Card {
	return declare(cards.Spec{
		Name:    "list.find",
		Title:   "Find",
		Icon:    "search",
		Summary: "Finds the first item for which a condition holds.",
		Doc: "Goes through a list and puts out the first item that fits, and its position.\n\n" +
			"- **Path** says what of an item is compared; without it, the item itself is." + testDoc,
		Keywords: []string{"list", "search", "lookup", "first", "match", "where", "index"},
		Examples: []cards.Example{{
			Title: "By a field",
			In:    schema.Values{"list": []any{schema.Values{"id": 1}, schema.Values{"id": 2}}, "path": "id", "operator": "equals", "value": "2"},
			Out:   schema.Values{"item": schema.Values{"id": 2}, "position": 1, "found": true},
		}, {
			Title: "None fits",
			In:    schema.Values{"list": []any{"a", "b"}, "operator": "starts_with", "value": "x"},
			Out:   schema.Values{"item": nil, "position": -1, "found": false},
		}, {
			Title: "An item that cannot be compared",
			In:    schema.Values{"list": []any{"many"}, "operator": "greater", "value": 5},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(in testInput) (findOutput, error) {
		for i, item := range in.List {
			holds, err := in.holds(i, item, compiled)
			if err != nil {
				return findOutput{}, err
			}
			if holds {
				return findOutput{item, i, true}, nil
			}
		}
		return findOutput{Position: -1}, nil
	})
}
