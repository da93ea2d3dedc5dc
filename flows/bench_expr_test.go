package flows_test

import (
	"testing"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// BenchmarkInputs measures the inputs of a card: a lone reference, a function of the
// language, a function of a card, and an expression for each of a hundred items.
func BenchmarkInputs(b *testing.B) {
	rows := make([]any, 100)
	for i := range rows {
		rows[i] = schema.Values{"p": int64(i), "n": 2.5}
	}
	in := schema.Values{"name": "maya", "rows": rows}
	given := func(step string) (schema.Values, bool) { return in, step == "ev" }
	for name, src := range map[string]string{
		"reference": "{{ ev.name }}", "language": "{{ upper(ev.name) }}", "card": "{{ text.upper_case(ev.name) }}",
		"items": "{{ list.map(ev.rows, item.p * item.n) }}",
	} {
		b.Run(name, func(b *testing.B) {
			doc := compose(src)
			doc.Trigger.Inputs = schema.Values{"inputs": []any{schema.Values{"name": "name"}, schema.Values{"name": "rows", "type": "list"}}}
			doc.Chain = doc.Chain[1:]
			p, err := flows.Compile(doc, all.Registry())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, problems := p.Inputs("last", given); problems != nil {
					b.Fatal(problems)
				}
			}
		})
	}
}
