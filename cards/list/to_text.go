package list

import (
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type toTextInput struct {
	listInput
	Separator string    `json:"separator" format:"multiline" placeholder:", " help:"What stands between two items; left empty, nothing does."`
	Last      string    `json:"last" label:"Before the last" format:"multiline" form:"advanced" placeholder:" and " help:"What stands before the last item instead."`
	Path      path.Path `json:"path" form:"advanced" placeholder:"name" help:"What of an item is written, such as name; left empty, the item itself."`
	SkipEmpty bool      `json:"skip_empty" label:"Skip empty" form:"advanced" help:"Leave out what is null or empty text."`
}

type textOutput struct {
	Text string `json:"text" help:"The items as one text."`
}

// ToText joins items.
var ToText = declare(cards.Spec{
	Name:    "list.to_text",
	Title:   "List to Text",
	Icon:    "text-cursor-input",
	Summary: "Joins the items of a list into one text.",
	Doc: "Puts out the items one after the other, with a separator between them.\n\n" +
		"- Numbers keep their digits, null is empty text. Lists and objects cannot be joined; **Path** picks a value of each item.\n" +
		"- **Before the last** makes `a, b and c`. The text may be 10 MiB long.",
	Keywords: []string{"list", "join", "concatenate", "implode", "comma", "separator", "string"},
	Examples: []cards.Example{{
		Title: "With commas",
		In:    schema.Values{"list": []any{"a", 1.5, true, nil}, "separator": ", "},
		Out:   schema.Values{"text": "a, 1.5, true, "},
	}, {
		Title: "As people write",
		In:    schema.Values{"list": []any{schema.Values{"n": "Ada"}, schema.Values{"n": "Bo"}, schema.Values{"n": ""}, schema.Values{"n": "Cy"}}, "path": "n", "separator": ", ", "last": " and ", "skip_empty": true},
		Out:   schema.Values{"text": "Ada, Bo and Cy"},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}, "separator": ", "},
		Out:   schema.Values{"text": ""},
	}, {
		Title: "An object is not text",
		In:    schema.Values{"list": []any{schema.Values{"n": "Ada"}}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in toTextInput) (textOutput, error) {
	parts, length := make([]string, 0, len(in.List)), 0
	for i, item := range in.List {
		v, _ := in.Path.Get(item)
		text, ok := schema.ToText(v)
		if !ok && v != nil {
			return textOutput{}, schema.Problems{{Field: at(i, in.Path), Message: "must be text, a number or true/false, got " + schema.Describe(v)}}
		}
		if in.SkipEmpty && text == "" {
			continue
		}
		parts, length = append(parts, text), length+len(text)+len(in.Separator)
		if err := bounds.CheckText("text", length); err != nil {
			return textOutput{}, err
		}
	}
	n := len(parts)
	if in.Last == "" || n < 2 {
		return textOutput{strings.Join(parts, in.Separator)}, nil
	}
	return textOutput{strings.Join(parts[:n-1], in.Separator) + in.Last + parts[n-1]}, nil
})
