package number

import (
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type clampInput struct {
	Number json.Number `json:"number" form:"required" help:"The number to keep in bounds."`
	Least  json.Number `json:"least" label:"At least" help:"The lower bound. None when left blank."`
	Most   json.Number `json:"most" label:"At most" help:"The upper bound. None when left blank."`
}

type clampOutput struct {
	Number  json.Number `json:"number" help:"The number, or the bound that it is beyond."`
	Changed bool        `json:"changed" help:"Whether it was beyond a bound."`
}

// Clamp keeps a number in bounds.
var Clamp = declare(cards.Spec{
	Name:     "number.clamp",
	Title:    "Clamp",
	Icon:     "sliders-horizontal",
	Summary:  "Keeps a number between two others.",
	Doc:      "Puts out the number when it is in bounds, otherwise the bound that is nearer.\n\n- A bound that is left blank is none. The lower one may not be more than the upper one.",
	Keywords: []string{"number", "limit", "bounds", "range", "between", "math"},
	Examples: []cards.Example{{
		Title: "Above",
		In:    schema.Values{"number": 140, "least": 0, "most": 100},
		Out:   schema.Values{"number": 100, "changed": true},
	}, {
		Title: "In bounds",
		In:    schema.Values{"number": 3.5, "least": 1},
		Out:   schema.Values{"number": 3.5, "changed": false},
	}, {
		Title: "Bounds the wrong way round",
		In:    schema.Values{"number": 3, "least": 9, "most": 1},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in clampInput) (clampOutput, error) {
	n, err := exact("number", in.Number)
	if err != nil {
		return clampOutput{}, err
	}
	least, most, err := pair("least", in.Least, "most", in.Most)
	if err != nil {
		return clampOutput{}, err
	}
	if least != nil && most != nil && least.Cmp(most) > 0 {
		return clampOutput{}, wrong("least", "must not be more than %s, got %s", in.Most, in.Least)
	}
	kept := n
	if least != nil && kept.Cmp(least) < 0 {
		kept = least
	}
	if most != nil && kept.Cmp(most) > 0 {
		kept = most
	}
	out, err := written(kept)
	return clampOutput{out, kept != n}, err
})
