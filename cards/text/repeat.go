package text

import (
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type repeatInput struct {
	Text      string `json:"text" format:"multiline" help:"The text to repeat."`
	Times     int    `json:"times" form:"required" min:"0" max:"1000000" help:"How often it is written."`
	Separator string `json:"separator" form:"advanced" help:"Comes between each two of them."`
}

// Repeat writes text several times.
var Repeat = declare(cards.Spec{
	Name:     "text.repeat",
	Title:    "Repeat Text",
	Icon:     "repeat",
	Summary:  "Writes the same text several times.",
	Doc:      "Puts out the text as often as it is asked for, one after the other.\n\n- It may be repeated 1,000,000 times, as long as the result is not too long.",
	Keywords: []string{"text", "repeat", "times", "duplicate", "line", "multiply"},
	Examples: []cards.Example{{
		Title: "A line",
		In:    schema.Values{"text": "=-", "times": 4},
		Out:   schema.Values{"text": "=-=-=-=-"},
	}, {
		Title: "Placeholders",
		In:    schema.Values{"text": "?", "times": 3, "separator": ", "},
		Out:   schema.Values{"text": "?, ?, ?"},
	}, {
		Title: "Not at all",
		In:    schema.Values{"text": "abc", "times": 0},
		Out:   schema.Values{"text": ""},
	}, {
		Title: "Too long",
		In:    schema.Values{"text": "0123456789abcdef", "times": 1000000},
		Err:   cards.CodeLimit,
	}},
}, func(in repeatInput) (textOutput, error) {
	if in.Times == 0 {
		return textOutput{}, nil
	}
	if (len(in.Text)+len(in.Separator))*in.Times > maxText {
		return textOutput{}, errTooLong("text")
	}
	return textOutput{in.Text + strings.Repeat(in.Separator+in.Text, in.Times-1)}, nil
})
