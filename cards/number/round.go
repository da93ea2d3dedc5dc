package number

import (
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type roundInput struct {
	Number   json.Number `json:"number" form:"required" help:"The number to round."`
	Decimals json.Number `json:"decimals" default:"0" help:"How many decimals are left; −2 rounds to hundreds."`
	Half     string      `json:"half" default:"half_away" options:"half_away=away from zero|half_even=to the even neighbour" form:"fixed,advanced" help:"Where a number goes that lies in the middle."`
}

const roundRule = "- The number is the exact decimal that is written, so 1.005 to two decimals is 1.01."

// Round rounds a number to the nearest.
var Round = declare(cards.Spec{
	Name:    "number.round",
	Title:   "Round",
	Icon:    "circle",
	Summary: "Rounds a number to the nearest one.",
	Doc: "Puts out the nearest whole number, or the nearest with so many decimals.\n\n" +
		"- In the middle it goes away from zero: 2.5 is 3, −2.5 is −3; or, as banks do, to the even one: 2.5 is 2.\n" + roundRule,
	Keywords: []string{"number", "nearest", "decimals", "integer", "math", "money"},
	Examples: []cards.Example{{
		Title: "To a whole number",
		In:    schema.Values{"number": -2.5},
		Out:   schema.Values{"number": -3},
	}, {
		Title: "Money",
		In:    schema.Values{"number": 1.005, "decimals": 2},
		Out:   schema.Values{"number": 1.01},
	}, {
		Title: "To hundreds",
		In:    schema.Values{"number": 1250, "decimals": -2, "half": "half_even"},
		Out:   schema.Values{"number": 1200},
	}, {
		Title: "Decimals are whole",
		In:    schema.Values{"number": 1, "decimals": 1.5},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in roundInput) (output, error) { return roundTo(in.Number, in.Decimals, in.Half) })

func roundTo(number, places json.Number, way string) (output, error) {
	n, err := exact("number", number)
	if err != nil {
		return output{}, err
	}
	d, err := decimals(places, 0)
	if err != nil {
		return output{}, err
	}
	return result(rounded(n, d, way))
}
