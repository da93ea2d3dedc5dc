package number

import (
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type roundOneWayInput struct {
	Number   json.Number `json:"number" form:"required" help:"The number to round."`
	Decimals json.Number `json:"decimals" default:"0" help:"How many decimals are left; −2 rounds to hundreds."`
}

// RoundUp rounds a number up.
var RoundUp = declare(cards.Spec{
	Name:     "number.round_up",
	Title:    "Round Up",
	Icon:     "arrow-up",
	Summary:  "Rounds a number up.",
	Doc:      "Puts out the smallest whole number that is not less, or the smallest with so many decimals.\n\n- Up is toward more: −2.5 becomes −2.\n" + roundRule,
	Keywords: []string{"number", "ceiling", "ceil", "integer", "math", "pages"},
	Examples: []cards.Example{{
		Title: "Pages of a hundred",
		In:    schema.Values{"number": 12.01},
		Out:   schema.Values{"number": 13},
	}, {
		Title: "Below zero",
		In:    schema.Values{"number": -2.59, "decimals": 1},
		Out:   schema.Values{"number": -2.5},
	}, {
		Title: "Nothing to round",
		In:    schema.Values{},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in roundOneWayInput) (output, error) { return roundTo(in.Number, in.Decimals, up) })
