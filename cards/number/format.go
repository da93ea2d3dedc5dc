package number

import (
	"encoding/json"
	"math/big"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type formatInput struct {
	Number   json.Number `json:"number" form:"required" help:"The number to write."`
	Decimals json.Number `json:"decimals" help:"How many decimals are written, with zeros at the end. As many as there are when left blank."`
	Style    string      `json:"style" default:"comma_point" options:"comma_point=1,234.50|point_comma=1.234,50|space_comma=1 234,50|apostrophe_point=1'234.50|point=1234.50|comma=1234,50" form:"fixed" help:"What stands between thousands and before decimals."`
	Digits   int         `json:"digits" label:"Digits before the point" default:"1" min:"1" max:"100" form:"advanced" help:"At least so many are written, with zeros in front."`
	Prefix   string      `json:"prefix" form:"advanced" placeholder:"$" help:"Written before the digits, after a minus sign."`
	Suffix   string      `json:"suffix" form:"advanced" placeholder:" €" help:"Written at the end."`
}

type formatOutput struct {
	Text string `json:"text" help:"The number as text."`
}

// marks are what stands between thousands and before decimals.
var marks = map[string][2]string{"comma_point": {",", "."}, "point_comma": {".", ","}, "space_comma": {"\u00a0", ","},
	"apostrophe_point": {"'", "."}, "point": {"", "."}, "comma": {"", ","}}

// Format writes a number for people.
var Format = declare(cards.Spec{
	Name:    "number.format",
	Title:   "Format Number",
	Icon:    "hash",
	Summary: "Writes a number for people, with thousands and decimals.",
	Doc: "Puts out the number as text in the style that is chosen.\n\n" +
		"- **Decimals** rounds; a half goes away from zero. The blank between thousands does not break lines (U+00A0).\n" +
		"- The prefix comes after a minus sign: −$5.00.",
	Keywords: []string{"number", "text", "currency", "money", "thousands", "decimals", "leading zeros", "percent"},
	Examples: []cards.Example{{
		Title: "Money",
		In:    schema.Values{"number": -1234567.895, "decimals": 2, "prefix": "$"},
		Out:   schema.Values{"text": "-$1,234,567.90"},
	}, {
		Title: "In Germany",
		In:    schema.Values{"number": 1234.5, "decimals": 2, "style": "point_comma", "suffix": " €"},
		Out:   schema.Values{"text": "1.234,50 €"},
	}, {
		Title: "Leading zeros",
		In:    schema.Values{"number": 42, "digits": 6, "style": "point"},
		Out:   schema.Values{"text": "000042"},
	}, {
		Title: "Text that is no number",
		In:    schema.Values{"number": "many"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in formatInput) (formatOutput, error) {
	n, err := exact("number", in.Number)
	if err != nil {
		return formatOutput{}, err
	}
	places, err := decimals(in.Decimals, 0)
	if err != nil {
		return formatOutput{}, err
	}
	if in.Decimals == "" {
		places, _ = n.FloatPrec()
	}
	n = rounded(n, places, halfAway)
	before, after, _ := strings.Cut(new(big.Rat).Abs(n).FloatString(max(places, 0)), ".")
	if missing := in.Digits - len(before); missing > 0 {
		before = strings.Repeat("0", missing) + before
	}
	var b strings.Builder
	if n.Sign() < 0 {
		b.WriteByte('-')
	}
	b.WriteString(in.Prefix)
	mark := marks[in.Style]
	for i, digit := range before {
		if i > 0 && (len(before)-i)%3 == 0 {
			b.WriteString(mark[0])
		}
		b.WriteRune(digit)
	}
	if after != "" {
		b.WriteString(mark[1])
		b.WriteString(after)
	}
	b.WriteString(in.Suffix)
	return formatOutput{b.String()}, nil
})
