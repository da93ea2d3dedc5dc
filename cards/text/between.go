package text

import (
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type betweenInput struct {
	Text  string `json:"text" label:"Look in" format:"multiline" help:"The text to search."`
	After string `json:"after" help:"What stands before the part; the start of the text when left blank."`
	Until string `json:"until" label:"Before" help:"What stands after the part; the end of the text when left blank."`
}

type betweenOutput struct {
	Text  string `json:"text" help:"What stands between them."`
	Found bool   `json:"found" help:"Whether both are there."`
}

// Between takes what stands between two texts.
var Between = declare(cards.Spec{
	Name:    "text.between",
	Title:   "Text Between",
	Icon:    "text-cursor-input",
	Summary: "Takes what stands between two texts.",
	Doc: "Puts out the part of the text after the first place where **After** stands, up to the next place where **Before** stands.\n\n" +
		"- When one of them is not there, the part is empty and **Found** is false.",
	Keywords: []string{"text", "substring", "before", "after", "extract", "part"},
	Examples: []cards.Example{{
		Title: "The domain of an address",
		In:    schema.Values{"text": "Maya <maya@example.com>", "after": "@", "until": ">"},
		Out:   schema.Values{"text": "example.com", "found": true},
	}, {
		Title: "All that comes before",
		In:    schema.Values{"text": "key=value=more", "until": "="},
		Out:   schema.Values{"text": "key"},
	}, {
		Title: "Not there",
		In:    schema.Values{"text": "maya", "after": "@"},
		Out:   schema.Values{"text": "", "found": false},
	}},
}, func(in betweenInput) (betweenOutput, error) {
	_, part, found := strings.Cut(in.Text, in.After)
	if found && in.Until != "" {
		part, _, found = strings.Cut(part, in.Until)
	}
	if !found {
		return betweenOutput{}, nil
	}
	return betweenOutput{part, true}, nil
})
