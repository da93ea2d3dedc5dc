package number

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"
	"unicode"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type parseInput struct {
	Text      string `json:"text" help:"The number as people write it."`
	Decimal   string `json:"decimal" label:"Decimals after" default:"point" options:"point=a point: 1,234.50|comma=a comma: 1.234,50" form:"fixed" help:"What stands before the decimals."`
	Otherwise any    `json:"otherwise" label:"If it is none" form:"advanced" help:"Put out when the text is no number. The card fails when left blank."`
}

type parseOutput struct {
	Number any  `json:"number" help:"The number."`
	Found  bool `json:"found" help:"Whether the text is one."`
}

// Parse reads a number as people write it.
var Parse = declare(cards.Spec{
	Name:    "number.parse",
	Title:   "Parse Number",
	Icon:    "hash",
	Summary: "Reads a number that people wrote.",
	Doc: "Makes a number of text such as `$ 1,234.50` or `1.234,50 €`.\n\n" +
		"- Signs of currencies, three letters of one (EUR), blanks, apostrophes and a plus are left out. Marks between thousands have to be three digits apart.\n" +
		"- A percent sign divides by 100, parentheses around the number make it negative, and 1.5e3 is 1500.\n" +
		"- Text that is no number fails with `invalid_input`, unless **If it is none** says what to put out.",
	Keywords: []string{"number", "text", "convert", "currency", "money", "integer", "cast", "to number"},
	Examples: []cards.Example{{
		Title: "Money",
		In:    schema.Values{"text": "$ -1,234.50"},
		Out:   schema.Values{"number": -1234.5, "found": true},
	}, {
		Title: "In Germany",
		In:    schema.Values{"text": "1.234,50 €", "decimal": "comma"},
		Out:   schema.Values{"number": 1234.5},
	}, {
		Title: "A share",
		In:    schema.Values{"text": "12.5 %"},
		Out:   schema.Values{"number": 0.125},
	}, {
		Title: "None, with something instead",
		In:    schema.Values{"text": "n/a", "otherwise": 0},
		Out:   schema.Values{"number": 0, "found": false},
	}, {
		Title: "None",
		In:    schema.Values{"text": "1,23"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in parseInput) (parseOutput, error) {
	digits, percent, ok := plainNumber(in.Text, in.Decimal == "comma")
	if !ok && in.Otherwise != nil && in.Otherwise != "" {
		return parseOutput{in.Otherwise, false}, nil
	}
	if !ok {
		return parseOutput{}, wrong("text", "is not a number, got %s", schema.Describe(in.Text))
	}
	n, err := exact("text", json.Number(digits))
	if err != nil {
		return parseOutput{}, err
	}
	if percent {
		n.Quo(n, big.NewRat(100, 1))
	}
	out, err := written(n)
	return parseOutput{out, true}, err
})

var (
	pointNumber = regexp.MustCompile(`^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|\.)?(?:[eE][+-]?\d{1,4})?$`)
	commaNumber = regexp.MustCompile(`^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d+|,)?(?:[eE][+-]?\d{1,4})?$`)
	currency    = regexp.MustCompile(`^(?:[A-Z]{3}\b)|\p{Sc}|\b[A-Z]{3}$`)
)

// plainNumber writes what people wrote as JSON does.
func plainNumber(s string, comma bool) (digits string, percent, ok bool) {
	if len(s) > 1000 {
		return "", false, false
	}
	s = currency.ReplaceAllString(strings.TrimSpace(s), "")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '−':
			return '-'
		case unicode.IsSpace(r), r == '\'', r == '’':
			return -1
		}
		return r
	}, s)
	s, percent = strings.CutSuffix(s, "%")
	negative := strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")")
	if negative {
		s = "-" + s[1:len(s)-1]
		if !percent { // it may stand within them too
			s, percent = strings.CutSuffix(s, "%")
		}
	}
	grammar, between, point := pointNumber, ",", "."
	if comma {
		grammar, between, point = commaNumber, ".", ","
	}
	if !grammar.MatchString(s) || !strings.ContainsAny(s, "0123456789") {
		return "", false, false
	}
	s = strings.TrimPrefix(strings.ReplaceAll(s, between, ""), "+")
	return strings.Replace(s, point, ".", 1), percent, true
}
