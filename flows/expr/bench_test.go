package expr

import "testing"

func BenchmarkSimpleReference(b *testing.B) {
	t, _ := Parse("{{ get.body.email }}")
	b.ReportAllocs()
	for b.Loop() {
		if v, _ := t.Eval(world); v == nil {
			b.Fatal("nothing")
		}
	}
}

func BenchmarkText(b *testing.B) {
	t, _ := Parse("https://api.test/orders/{{ call.id }}?email={{ get.body.email }}")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Eval(world); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSONBodyOfFivePills(b *testing.B) {
	n, _ := ParseJSON(`{"id": {{ call.id }}, "who": {"name": "{{ call.name }}", "mail": {{ get.body.email }}}, "fixed": [1, 2, 3], "first": {{ get.body.items[0].id }}, "type": "{{ get.headers["content-type"] }}"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := n.Eval(world); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExpression(b *testing.B) {
	t, _ := Parse("{{ call.id * 2 > 80 ? upper(call.name) : 'none' }}")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Eval(world); err != nil {
			b.Fatal(err)
		}
	}
}
