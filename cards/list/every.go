package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type everyOutput struct {
	Result   bool `json:"result" help:"The answer."`
	Position int  `json:"position" help:"Where the first item stands that decides it, from 0; -1 when none does."`
}

// Every asks whether all items fit.
var Every = declare(cards.Spec{
	Name:    "list.every",
	Title:   "Every",
	Icon:    "list-filter",
	Summary: "Says whether an expression is true for every item.",
	Doc: "Puts out true when all items fit, and the position of the first that does not. Of an empty list it is true.\n\n" +
		"- Nothing counts as false; anything but true and false fails the card." + inlineDoc,
	Keywords: []string{"list", "all", "condition", "check", "expression", "both"},
	Examples: []cards.Example{{
		Title: "One does not fit",
		In:    schema.Values{"list": []any{3, 7, -1}, "expression": "item > 0"},
		Out:   schema.Values{"result": false, "position": 2},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}, "expression": "item > 0"},
		Out:   schema.Values{"result": true, "position": -1},
	}},
}, func(in testingInput) (everyOutput, error) { return in.first(false) })

// Some asks whether any item fits.
var Some = declare(cards.Spec{
	Name:    "list.some",
	Title:   "Some",
	Icon:    "list-filter",
	Summary: "Says whether an expression is true for at least one item.",
	Doc: "Puts out true when an item fits, and the position of the first that does. Of an empty list it is false.\n\n" +
		"- Nothing counts as false; anything but true and false fails the card." + inlineDoc,
	Keywords: []string{"list", "any", "condition", "check", "expression", "exists"},
	Examples: []cards.Example{{
		Title: "One fits",
		In:    schema.Values{"list": []any{3, -7}, "expression": "item < 0"},
		Out:   schema.Values{"result": true, "position": 1},
	}, {
		Title: "None fits",
		In:    schema.Values{"list": []any{3}, "expression": "item < 0"},
		Out:   schema.Values{"result": false, "position": -1},
	}},
}, func(in testingInput) (everyOutput, error) { return in.first(true) })

// first looks for the first item whose answer is what decides.
func (in testingInput) first(decides bool) (everyOutput, error) {
	for i := range in.List {
		holds, err := in.holds(i)
		if err != nil {
			return everyOutput{}, err
		}
		if holds == decides {
			return everyOutput{decides, i}, nil
		}
	}
	return everyOutput{!decides, -1}, nil
}
