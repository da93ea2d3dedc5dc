package text

import (
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func BenchmarkSplit(b *testing.B) {
	bench(b, Split, schema.Values{"text": "red, green, blue", "trim": true})
}

func BenchmarkReplacePattern(b *testing.B) {
	bench(b, ReplacePattern, schema.Values{"text": "Okafor, Maya", "pattern": `(\w+), (\w+)`, "replacement": "$2 $1"})
}

func BenchmarkUpperCaseOfUnicode(b *testing.B) { bench(b, UpperCase, schema.Values{"text": "Straße"}) }

func bench(b *testing.B, c cards.Card, in schema.Values) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Call(b.Context(), cards.Env{}, in); err != nil {
			b.Fatal(err)
		}
	}
}
