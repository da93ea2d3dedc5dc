package httpcard_test

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/httpcard"
	"flowdeck/cards/schema"
)

func TestCardsSayWhetherTheyChangeAnything(t *testing.T) {
	for _, c := range []struct {
		card   cards.Card
		method string
		want   bool
	}{
		{httpcard.Get, "", false}, {httpcard.Post, "", true}, {httpcard.Put, "", true}, {httpcard.Patch, "", true}, {httpcard.Delete, "", true},
		{httpcard.Raw, "", false}, {httpcard.Raw, "head", false}, {httpcard.Raw, "OPTIONS", false}, {httpcard.Raw, "post", true}, {httpcard.Raw, "PUT", true}, {httpcard.Raw, "PROPFIND", true},
	} {
		if got := c.card.Writes(schema.Values{"method": c.method}); got != c.want {
			t.Errorf("%s %s writes: %t, want %t", c.card.Name, c.method, got, c.want)
		}
	}
}
