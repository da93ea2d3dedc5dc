package list

import (
	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/schema"
)

type includesInput struct {
	listInput
	Value any `json:"value" help:"What to look for."`
}

type includesOutput struct {
	Result   bool `json:"result" help:"True when the list has it."`
	Position int  `json:"position" help:"Where it stands first, from 0; -1 when it does not."`
}

// Includes looks whether a list has a value.
var Includes = declare(cards.Spec{
	Name:    "list.includes",
	Title:   "Includes",
	Icon:    "circle-help",
	Summary: "Says whether a list has a value.",
	Doc: "Puts out true when an item equals the value, and where the first one stands.\n\n" +
		"- Values are compared as **equals** of If / Else does: text exactly, a number and text that is a number by value, lists and objects by what they hold.\n" +
		"- Nothing and empty text are equal.",
	Keywords: []string{"list", "contains", "has", "in", "member", "index of", "exists"},
	Examples: []cards.Example{{
		Title: "It is there",
		In:    schema.Values{"list": []any{"DE", "AT"}, "value": "AT"},
		Out:   schema.Values{"result": true, "position": 1},
	}, {
		Title: "A number written out",
		In:    schema.Values{"list": []any{"1", "2"}, "value": 2},
		Out:   schema.Values{"result": true, "position": 1},
	}, {
		Title: "Capitals matter",
		In:    schema.Values{"list": []any{"DE"}, "value": "de"},
		Out:   schema.Values{"result": false, "position": -1},
	}, {
		Title: "No list",
		In:    schema.Values{"value": "DE"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in includesInput) (includesOutput, error) {
	for i, item := range in.List {
		if condition.Equal(item, in.Value) {
			return includesOutput{true, i}, nil
		}
	}
	return includesOutput{false, -1}, nil
})
