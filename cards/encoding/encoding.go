// Package encoding holds the cards that write text in other alphabets.
//
// They compute and touch nothing.
package encoding

import (
	"context"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type textInput struct {
	Text string `json:"text" format:"multiline" help:"The text."`
}

func (in textInput) text() string { return in.Text }

type textOutput struct {
	Text string `json:"text" help:"The result."`
}

// declare makes a card from text to text, neither of which is too long.
func declare[In interface{ text() string }](s cards.Spec, f func(In) (string, error)) cards.Card {
	s.Category, s.Family = "Encoding", cards.FamilyData
	s.Doc += "\n- Text may be 10 MiB long, before and after."
	return cards.NewFunction(s, func(_ context.Context, _ cards.Env, in In) (textOutput, error) {
		if err := bounds.CheckText("text", len(in.text())); err != nil {
			return textOutput{}, err
		}
		text, err := f(in)
		if err != nil {
			return textOutput{}, err
		}
		return textOutput{text}, bounds.CheckText("text", len(text))
	})
}

// readable returns decoded bytes as text.
func readable(data []byte, file string) (string, error) {
	if !utf8.Valid(data) {
		return "", schema.Problems{{Field: "text", Message: "decodes to bytes that are not UTF-8 text" + file}}
	}
	return string(data), nil
}
