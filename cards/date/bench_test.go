package date

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func BenchmarkAdd(b *testing.B) {
	bench(b, Add, schema.Values{"date": "2026-03-28T09:00:00+01:00", "amount": int64(1), "zone": "Europe/Berlin"})
}

func BenchmarkToText(b *testing.B) {
	bench(b, ToText, schema.Values{"date": "2026-03-01T22:30:00Z", "format": "DD.MM.YYYY HH:mm", "zone": "Europe/Berlin"})
}

func bench(b *testing.B, c cards.Card, in schema.Values) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Call(b.Context(), cards.Env{}, in); err != nil {
			b.Fatal(err)
		}
	}
}
