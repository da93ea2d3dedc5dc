package flows

import (
	"strings"

	"flowdeck/cards"
)

// TypedSecrets finds what was typed where a card wants a secret. It would stand in
// the flow for all to read, in its edits and in every export; what comes from
// another card does not.
func TypedSecrets(doc Document, reg *cards.Registry) Problems {
	var found Problems
	for _, step := range doc.All() {
		card, ok := reg.Card(step.Card)
		if !ok {
			continue
		}
		for _, f := range card.Inputs.Fields {
			if f.Secret && typed(step.Inputs[f.Name]) {
				found = append(found, Problem{Step: step.ID, Field: f.Name, Message: "cannot be typed, because everybody who sees the flow would see it: take it from a secret, {{ secrets.name }}, or from an earlier card"})
			}
		}
	}
	return found
}

// typed reports whether a value is anything but references.
func typed(value any) bool {
	text, ok := value.(string)
	if !ok {
		return value != nil
	}
	for _, seg := range Segments(text) {
		if seg.Src == "" && strings.TrimSpace(seg.Text) != "" || seg.Src != "" && !seg.Simple {
			return true
		}
	}
	return false
}
