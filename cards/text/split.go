package text

import (
	"iter"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

const maxParts = 1_000_000

type splitInput struct {
	Text      string `json:"text" format:"multiline" help:"What to split."`
	By        string `json:"by" label:"Split" default:"separator" options:"separator=at a separator|lines=into lines|words=into words|characters=into characters" form:"fixed" help:"Where the text is cut."`
	Separator string `json:"separator" default:"," when:"by=separator" help:"What stands between the parts. A comma when left blank."`
	Trim      bool   `json:"trim" label:"Trim parts" form:"advanced" help:"Leave out white space around every part."`
	SkipEmpty bool   `json:"skip_empty" label:"Leave out empty parts" form:"advanced" help:"Two separators in a row make no part."`
}

type splitOutput struct {
	List   []string `json:"list" help:"The parts, in their order."`
	Length int      `json:"length" help:"How many there are."`
}

// Split makes a list of text.
var Split = declare(cards.Spec{
	Name:    "text.split",
	Title:   "Split",
	Icon:    "split",
	Summary: "Splits text into a list of its parts.",
	Doc: "Cuts text at every separator and puts out what stands between, as a list of texts.\n\n" +
		"- Empty text makes an empty list. Two separators in a row have an empty part between them.\n" +
		"- Lines end with a line feed, with or without a carriage return. Words are what stands between white space.\n" +
		"- Characters are Unicode code points. There may be 1,000,000 parts.",
	Keywords: []string{"text", "split", "separate", "list", "explode", "comma", "lines", "words", "delimiter"},
	Examples: []cards.Example{{
		Title: "At commas",
		In:    schema.Values{"text": "red, green,,blue", "trim": true},
		Out:   schema.Values{"list": []any{"red", "green", "", "blue"}, "length": 4},
	}, {
		Title: "Into lines, without empty ones",
		In:    schema.Values{"text": "one\r\n\ntwo\n", "by": "lines", "skip_empty": true},
		Out:   schema.Values{"list": []any{"one", "two"}},
	}, {
		Title: "Into characters",
		In:    schema.Values{"text": "añ🎈", "by": "characters"},
		Out:   schema.Values{"list": []any{"a", "ñ", "🎈"}},
	}, {
		Title: "Nothing has no parts",
		In:    schema.Values{"text": nil},
		Out:   schema.Values{"list": []any{}, "length": 0},
	}, {
		Title: "A list is not text",
		In:    schema.Values{"text": []any{"a", "b"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in splitInput) (splitOutput, error) {
	list := []string{}
	for part := range in.parts() {
		if in.Trim {
			part = strings.TrimSpace(part)
		}
		if in.SkipEmpty && part == "" {
			continue
		}
		if len(list) == maxParts {
			return splitOutput{}, &cards.Error{Code: cards.CodeLimit, Message: "the text has more than 1,000,000 parts"}
		}
		list = append(list, part)
	}
	return splitOutput{list, len(list)}, nil
})

func (in splitInput) parts() iter.Seq[string] {
	switch {
	case in.Text == "":
		return func(func(string) bool) {}
	case in.By == "lines":
		return func(yield func(string) bool) {
			for line := range strings.Lines(in.Text) {
				if !yield(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")) {
					return
				}
			}
		}
	case in.By == "words":
		return strings.FieldsSeq(in.Text)
	case in.By == "characters":
		return strings.SplitSeq(in.Text, "")
	}
	return strings.SplitSeq(in.Text, in.Separator)
}
