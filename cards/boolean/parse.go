package boolean

import (
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type parseInput struct {
	Value     any      `json:"value" help:"Text, a number, or true or false."`
	Yes       []string `json:"yes" label:"More words for true" form:"advanced" format:"names" placeholder:"oui, si" help:"Words that count as true too."`
	No        []string `json:"no" label:"More words for false" form:"advanced" format:"names" placeholder:"non, nein" help:"Words that count as false too."`
	Otherwise any      `json:"otherwise" label:"If it is neither" form:"advanced" help:"True or false. The card fails when left blank."`
}

var (
	yes = []string{"true", "yes", "y", "t", "on", "1", "enabled", "active"}
	no  = []string{"false", "no", "n", "f", "off", "0", "disabled", "inactive"}
)

// Parse reads true and false as people write them.
var Parse = declare(cards.Spec{
	Name:    "boolean.parse",
	Title:   "Text to True/False",
	Icon:    "toggle-right",
	Summary: "Reads yes, no, on, off, 1 and 0 as true and false.",
	Doc: "Makes true or false of a word; capital letters and white space around it do not count.\n\n" +
		"- True are: true, yes, y, t, on, 1, enabled, active. False are: false, no, n, f, off, 0, disabled, inactive. More words may be given.\n" +
		"- Anything else, and nothing, fails with `invalid_input` unless **If it is neither** says what it is.",
	Keywords: []string{"true", "false", "yes", "no", "convert", "boolean", "checkbox", "cast"},
	Examples: []cards.Example{{
		Title: "A word",
		In:    schema.Values{"value": " Yes "},
		Out:   schema.Values{"result": true},
	}, {
		Title: "A number",
		In:    schema.Values{"value": 0},
		Out:   schema.Values{"result": false},
	}, {
		Title: "A word in another language",
		In:    schema.Values{"value": "Oui", "yes": []any{"oui"}},
		Out:   schema.Values{"result": true},
	}, {
		Title: "Nothing, with something instead",
		In:    schema.Values{"value": nil, "otherwise": false},
		Out:   schema.Values{"result": false},
	}, {
		Title: "Neither",
		In:    schema.Values{"value": "perhaps"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in parseInput) (output, error) {
	if word, ok := schema.ToText(in.Value); ok {
		is := func(w string) bool { return strings.EqualFold(w, strings.TrimSpace(word)) }
		switch {
		case slices.ContainsFunc(yes, is), slices.ContainsFunc(in.Yes, is):
			return output{true}, nil
		case slices.ContainsFunc(no, is), slices.ContainsFunc(in.No, is):
			return output{false}, nil
		}
	}
	switch in.Otherwise {
	case true, "true":
		return output{true}, nil
	case false, "false":
		return output{false}, nil
	case nil, "":
		return output{}, schema.Problems{{Field: "value", Message: "is neither true nor false, got " + schema.Describe(in.Value)}}
	}
	return output{}, schema.Problems{{Field: "otherwise", Message: "must be true or false, got " + schema.Describe(in.Otherwise)}}
})
