package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"flowdeck/cards"
)

// Asks says in short what a step asks, so that answers to other questions can be
// told apart; "" when nothing is to be learned from its answers. A trigger asks
// nothing: its events are learned all the same.
func Asks(s Step, card cards.Card) string {
	if card.Kind != cards.Event && len(card.Asks) == 0 {
		return ""
	}
	said := []any{s.Card}
	for _, name := range card.Asks {
		said = append(said, s.Inputs[name])
	}
	text, err := json.Marshal(said)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
