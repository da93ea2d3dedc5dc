package flows

import (
	"errors"
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Told is the failure of the card with what the author wrote at fields that turned out
// empty: "url: is required; {{ get.body.next }} gave nothing".
func (c Call) Told(err error) error {
	var problems schema.Problems
	if !errors.As(err, &problems) || c.Step == nil {
		return err
	}
	told := slices.Clone(problems)
	for i, p := range told {
		path := SplitField(p.Field)
		written, _ := valueAt(map[string]any(c.Step.Inputs), path)
		source, isText := written.(string)
		if value, _ := valueAt(map[string]any(c.In), path); !isText || !strings.Contains(source, "{{") || value != nil && value != "" {
			continue
		}
		told[i].Message += "; " + clipped(source) + " gave nothing"
	}
	if slices.Equal(told, problems) {
		return err
	}
	e := *cards.ErrorOf(err)
	e.Message, e.Err = told.Error(), told
	return &e
}

// clipped is a template that is short enough for a message.
func clipped(source string) string {
	const most = 80
	if letters := []rune(strings.TrimSpace(source)); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return strings.TrimSpace(source)
}
