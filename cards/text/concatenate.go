package text

import (
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type concatenateInput struct {
	Text      string   `json:"text" label:"Text 1" format:"multiline" help:"What comes first."`
	Text2     string   `json:"text_2" label:"Text 2" format:"multiline" help:"What follows."`
	More      []string `json:"more" label:"More texts" help:"A list of more texts, in their order."`
	Separator string   `json:"separator" form:"advanced" help:"Comes between each two of them."`
}

type concatenateOutput struct {
	Text string `json:"text" help:"All texts as one."`
}

// Concatenate puts texts one after the other.
var Concatenate = declare(cards.Spec{
	Name:    "text.concatenate",
	Title:   "Concatenate",
	Icon:    "link",
	Summary: "Puts texts one after the other.",
	Doc: "Puts out all texts as one, in their order.\n\n" +
		"- Numbers keep their digits; nothing is empty text.\n" +
		"- Nothing comes between the texts unless **Separator** says what. It comes around empty texts too.",
	Keywords: []string{"text", "join", "append", "combine", "plus", "glue"},
	Examples: []cards.Example{{
		Title: "Two texts",
		In:    schema.Values{"text": "Maya", "text_2": " Okafor"},
		Out:   schema.Values{"text": "Maya Okafor"},
	}, {
		Title: "More of them, with something in between",
		In:    schema.Values{"text": "a", "text_2": 2, "more": []any{"c", true}, "separator": "-"},
		Out:   schema.Values{"text": "a-2-c-true"},
	}, {
		Title: "An object is not text",
		In:    schema.Values{"text": "a", "more": []any{schema.Values{"b": 1}}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in concatenateInput) (concatenateOutput, error) {
	length := len(in.Text) + len(in.Text2) + len(in.Separator)*(1+len(in.More))
	for _, t := range in.More {
		length += len(t)
	}
	if length > maxText {
		return concatenateOutput{}, errTooLong("text")
	}
	return concatenateOutput{strings.Join(append([]string{in.Text, in.Text2}, in.More...), in.Separator)}, nil
})
