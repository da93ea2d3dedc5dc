package number

import (
	"encoding/json"
	"math/big"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type baseInput struct {
	Number json.Number `json:"number" form:"required" help:"The whole number to write."`
	Base   int         `json:"base" default:"16" min:"2" max:"36" help:"2 is binary, 16 hexadecimal."`
}

type baseOutput struct {
	Text string `json:"text" help:"The number in that base, in small letters."`
}

// ToBase writes a number in another base.
var ToBase = declare(cards.Spec{
	Name:     "number.to_base",
	Title:    "Number to Base",
	Icon:     "hash",
	Summary:  "Writes a whole number in hexadecimal, binary or another base.",
	Doc:      "Puts out the digits of the number, 0 to 9 and then a to z.\n\n- Numbers are whole and may have 400 digits. A negative number has a minus sign.",
	Keywords: []string{"number", "hex", "hexadecimal", "binary", "octal", "convert", "radix"},
	Examples: []cards.Example{{
		Title: "Hexadecimal",
		In:    schema.Values{"number": 255},
		Out:   schema.Values{"text": "ff"},
	}, {
		Title: "Binary",
		In:    schema.Values{"number": -5, "base": 2},
		Out:   schema.Values{"text": "-101"},
	}, {
		Title: "Only whole numbers",
		In:    schema.Values{"number": 1.5},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in baseInput) (baseOutput, error) {
	n, err := exact("number", in.Number)
	if err != nil {
		return baseOutput{}, err
	}
	if !n.IsInt() {
		return baseOutput{}, wrong("number", "must be a whole number, got %s", in.Number)
	}
	return baseOutput{n.Num().Text(in.Base)}, nil
})

type fromBaseInput struct {
	Text string `json:"text" form:"required" help:"The digits; 0x, 0b and 0o in front are left out where they fit."`
	Base int    `json:"base" default:"16" min:"2" max:"36" help:"2 is binary, 16 hexadecimal."`
}

var prefixes = map[int]string{2: "0b", 8: "0o", 16: "0x"}

// FromBase reads a number in another base.
var FromBase = declare(cards.Spec{
	Name:     "number.from_base",
	Title:    "Number from Base",
	Icon:     "hash",
	Summary:  "Reads a whole number in hexadecimal, binary or another base.",
	Doc:      "Makes a number of digits, 0 to 9 and then a to z; capital letters are the same.\n\n- The number may have 400 digits.",
	Keywords: []string{"number", "hex", "hexadecimal", "binary", "octal", "convert", "radix"},
	Examples: []cards.Example{{
		Title: "Hexadecimal",
		In:    schema.Values{"text": "0xFF"},
		Out:   schema.Values{"number": 255},
	}, {
		Title: "Binary",
		In:    schema.Values{"text": "-101", "base": 2},
		Out:   schema.Values{"number": -5},
	}, {
		Title: "A digit that the base does not have",
		In:    schema.Values{"text": "12", "base": 2},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in fromBaseInput) (output, error) {
	digits, negative := strings.CutPrefix(strings.ToLower(strings.TrimSpace(in.Text)), "-")
	if p, ok := prefixes[in.Base]; ok {
		digits = strings.TrimPrefix(digits, p)
	}
	n := new(big.Int)
	if len(digits) > 4*maxDigits {
		return output{}, errDigits
	}
	if _, ok := n.SetString(digits, in.Base); !ok || strings.ContainsAny(digits, "+-_") {
		return output{}, wrong("text", "is not a number of base %d, got %s", in.Base, schema.Describe(in.Text))
	}
	if negative {
		n.Neg(n)
	}
	return result(new(big.Rat).SetInt(n))
})
