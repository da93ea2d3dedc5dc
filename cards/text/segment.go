package text

import (
	"encoding/json"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type segmentInput struct {
	Text  string      `json:"text" format:"multiline" help:"What to take a part of."`
	Start json.Number `json:"start" label:"Start at" default:"0" help:"The position of the first character, from 0; from the end when negative."`
	End   json.Number `json:"end" label:"End before" help:"The position after the last character; from the end when negative. Blank is to the end."`
}

type segmentOutput struct {
	Text   string `json:"text" help:"The part."`
	Before string `json:"before" help:"What stands before it."`
	After  string `json:"after" help:"What stands after it."`
}

// Segment takes a part of text.
var Segment = declare(cards.Spec{
	Name:    "text.segment",
	Title:   "Text Segment",
	Icon:    "text-cursor-input",
	Summary: "Takes the part of text between two positions.",
	Doc: "Puts out the characters from **Start at** up to, not including, the one at **End before**.\n\n" +
		"- The first character is at 0. −1 is the last one. Characters are Unicode code points.\n" +
		"- Positions beyond the text are its ends; when the end is not after the start, the part is empty.",
	Keywords: []string{"text", "substring", "substr", "slice", "part", "left", "right", "mid", "first characters"},
	Examples: []cards.Example{{
		Title: "The first four characters",
		In:    schema.Values{"text": "2026-03-01", "end": 4},
		Out:   schema.Values{"text": "2026", "before": "", "after": "-03-01"},
	}, {
		Title: "The last two",
		In:    schema.Values{"text": "2026-03-01", "start": -2},
		Out:   schema.Values{"text": "01"},
	}, {
		Title: "Beyond the end there is nothing",
		In:    schema.Values{"text": "añ🎈", "start": 2, "end": 99},
		Out:   schema.Values{"text": "🎈"},
	}, {
		Title: "Positions are whole",
		In:    schema.Values{"text": "abc", "start": 1.5},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in segmentInput) (segmentOutput, error) {
	start, err := whole("start", in.Start, 0)
	if err != nil {
		return segmentOutput{}, err
	}
	length := utf8.RuneCountInString(in.Text)
	end, err := whole("end", in.End, length)
	if err != nil {
		return segmentOutput{}, err
	}
	start = clamped(start, length)
	end = max(clamped(end, length), start)
	from := byteAt(in.Text, start)
	to := from + byteAt(in.Text[from:], end-start)
	return segmentOutput{in.Text[from:to], in.Text[:from], in.Text[to:]}, nil
})
