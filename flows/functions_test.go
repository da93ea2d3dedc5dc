package flows_test

import (
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// compose is a flow that begins with what "ev" gives and writes text of it.
func compose(text string) flows.Document {
	return flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "ev", Card: "event.manual"},
		Chain: []flows.Step{{ID: "text", Card: "text.compose", Inputs: schema.Values{"text": text}}, {ID: "last", Card: "object.construct", Inputs: schema.Values{"fields": schema.Values{"v": text}}}}}
}

// evaluate returns what the second card gets for v.
func evaluate(t *testing.T, src string, in schema.Values) (any, error) {
	t.Helper()
	given := func(step string) (schema.Values, bool) { return in, step == "ev" }
	v, problems := flows.Inputs(compose(src), "last", all.Registry(), given)
	if problems != nil {
		return nil, problems
	}
	return v["fields"].(schema.Values)["v"], nil
}

func TestCardsAreFunctionsInExpressions(t *testing.T) {
	in := schema.Values{"name": "maya", "list": []any{int64(3), int64(1), int64(2)}, "rows": []any{schema.Values{"p": 2.5, "n": int64(2)}, schema.Values{"p": int64(1), "n": int64(3)}}, "limit": int64(4)}
	for src, want := range map[string]any{
		`{{ text.upper_case(ev.name) }}`:                                          "MAYA",
		`{{ text.pad(ev.limit, 3, "0") }}`:                                        "004",
		`{{ text.pad(ev.limit, 3, {fill: "*", side: "end"}) }}`:                   "4**",
		`{{ text.pad({text: ev.name, length: 6}) }}`:                              "  maya",
		`{{ text.concatenate("a", "b", "c", "d") }}`:                              "abcd",
		`{{ text.concatenate("a", "b", ["c", "d"]) }}`:                            "abcd",
		`{{ text.split("a,b", ",") }}`:                                            []any{"a", "b"},
		`{{ text.concatenate("a", "b", "c", {separator: "-"}) }}`:                 "a-b-c",
		`{{ list.filter(ev.list, "", "greater", 2) }}`:                            []any{int64(3)},
		`{{ object.merge({a: {x: 1}}, {b: 2}, {a: {y: 3}}, {deep: true}) }}`:      schema.Values{"a": schema.Values{"x": int64(1), "y": int64(3)}, "b": int64(2)},
		`{{ number.add(0.1, 0.2) }}`:                                              0.3,
		`{{ list.sum(ev.list) }}`:                                                 int64(6),
		`{{ list.sort(ev.list, {direction: "descending"}) }}`:                     []any{int64(3), int64(2), int64(1)},
		`{{ list.map(ev.rows, item.p * item.n) }}`:                                []any{int64(5), int64(3)},
		`{{ list.filter_custom(ev.rows, item.p * item.n > ev.limit) }}`:           []any{schema.Values{"p": 2.5, "n": int64(2)}},
		`{{ list.find_custom.position(ev.rows, item.p == 1) }}`:                   int64(1),
		`{{ list.reduce(ev.rows, acc + item.p * item.n, 0) }}`:                    int64(8),
		`{{ let f = 10; list.map(ev.list, item * f + index) }}`:                   []any{int64(30), int64(11), int64(22)},
		`{{ list.map(ev.rows, list.map([1, 2], item * 2)) }}`:                     []any{[]any{int64(2), int64(4)}, []any{int64(2), int64(4)}},
		`{{ list.map(ev.rows, let row = item; list.map([1, 2], item * row.n)) }}`: []any{[]any{int64(2), int64(4)}, []any{int64(3), int64(6)}},
		`{{ map(ev.rows, let r = #; list.sum(list.map([1, 1], item * r.n))) }}`:   []any{int64(4), int64(6)},
		`{{ date.difference("2026-03-01", "2026-03-04").days }}`:                  int64(3),
		`{{ date.difference.hours("2026-03-01", "2026-03-02") }}`:                 int64(24),
		`{{ date.add("2026-01-31", 1, "months") }}`:                               "2026-02-28T00:00:00Z",
		`{{ object.merge({a: 1}, {b: 2}) }}`:                                      schema.Values{"a": int64(1), "b": int64(2)},
		`{{ object.get({a: {b: 7}}, "a.b") + 1 }}`:                                int64(8),
		`{{ json.parse('{"n": 12345678901234567890.5}').n > 1 }}`:                 true,
		`{{ boolean.not(ev.name == "x") }}`:                                       true,
		`{{ text.text }}`:                                                         nil, // the step, not the category
		`{{ (text ?? {}).text }}`:                                                 nil,
		`{{ list.sum(map(1..3, # * 2)) }}`:                                        int64(12),
		`{{ "x1" matches "^x[0-9]$" and not ("x" matches ev.name) }}`:             true,
	} {
		if got, err := evaluate(t, src, in); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %#v, %v; want %#v", src, got, err, want)
		}
	}
}

func TestCallsThatCannotBeAreFoundBeforeARun(t *testing.T) {
	for src, want := range map[string]string{
		`{{ text.upper(ev.a) }}`:                             "column 4: there is no function named text.upper; is text.upper_case meant?",
		`{{ txet.pad(ev.a, 3) }}`:                            "column 4: there is no function named txet.pad; is text.pad meant?",
		`{{ ev.body.trim() }}`:                               "there is no function named ev.body.trim",
		`{{ text.pad(ev.a, "three") }}`:                      `column 19: length of text.pad must be a number, got text "three"`,
		`{{ text.pad(ev.a) }}`:                               "length of text.pad is required",
		`{{ text.trim(ev.a, "x", 4) }}`:                      "column 25: text.trim takes 2 values by their place, this is one too many",
		`{{ text.pad(ev.a, 3, {with: "x"}) }}`:               "text.pad has no argument named with, it has text, length, fill, side",
		`{{ text.pad(ev.a, 3, {length: 4}) }}`:               "length of text.pad is there twice",
		`{{ list.sort(ev.a, {direction: "up"}) }}`:           "direction of list.sort must be one of ascending, descending",
		`{{ crypto.hmac(ev.a, "sesame") }}`:                  "column 22: key of crypto.hmac cannot be typed",
		`{{ crypto.hmac(ev.a, ev.b + "") }}`:                 "key of crypto.hmac cannot be typed",
		`{{ date.now() }}`:                                   "there is no function named date.now",
		`{{ crypto.uuid() }}`:                                "there is no function named crypto.uuid",
		`{{ http.get("https://x") }}`:                        "there is no function named http.get",
		`{{ list.map(ev.a, # * 2) }}`:                        `unexpected "#"`,
		`{{ map(ev.a, list.map([1], # * 2)) }}`:              "give it a name before: let one = #",
		`{{ list.map(ev.a, nope.x) }}`:                       "there is no card with the id nope",
		`{{ ev.a matches "(" }}`:                             "column 17: this is not a pattern",
		`{{ text.pad(ev.a, 3, {("fi" + "ll"): "x"}) }}`:      "is written as it is, not calculated",
		`{{ list.map(ev.a, item.b, {expression: item.c}) }}`: "expression of list.map is there twice",
	} {
		_, err := flows.Compile(compose(src), all.Registry())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Compile(%s) = %v, want %s", src, err, want)
		}
	}
}

func TestInlineExpressionsOfCards(t *testing.T) {
	doc := func(text string) flows.Document {
		return flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "ev", Card: "event.manual"},
			Chain: []flows.Step{{ID: "map", Card: "list.map", Inputs: schema.Values{"list": "{{ ev.list }}", "expression": text}}}}
	}
	in := schema.Values{"list": []any{int64(1), int64(2)}, "factor": int64(10)}
	given := func(step string) (schema.Values, bool) { return in, step == "ev" }
	card, _ := all.Registry().Card("list.map")
	for text, want := range map[string][]any{
		"item * ev.factor":              {int64(10), int64(20)},
		"item * {{ ev.factor }} + 1":    {int64(11), int64(21)},
		"{{ item + index }}":            {int64(1), int64(3)},
		`text.pad(item, 2, {fill:"0"})`: {"01", "02"},
		"item":                          {int64(1), int64(2)},
	} {
		v, problems := flows.Inputs(doc(text), "map", all.Registry(), given)
		if problems != nil {
			t.Errorf("%s: %v", text, problems)
			continue
		}
		if written, err := schema.EncodeJSON(v["expression"]); err != nil || !strings.Contains(string(written), strings.Trim(text[:4], `{ `)) {
			t.Errorf("%s is written as %s, %v", text, written, err)
		}
		out, err := card.Call(t.Context(), cards.Env{}, v)
		if err != nil || !reflect.DeepEqual(out["list"], want) {
			t.Errorf("%s = %v, %v; want %v", text, out["list"], err, want)
		}
	}
	for text, want := range map[string]string{
		"item *":      "column 6: the expression ends too soon",
		"itme.price":  "there is no card with the id itme",
		"item + {{ x": "column 8: {{ is never closed",
		"":            "expression: is required",
		"now()":       "column 1: there is no function named now",
	} {
		if _, err := flows.Compile(doc(text), all.Registry()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Compile(%s) = %v, want %s", text, err, want)
		}
	}
}

func TestAnExpressionIsTriedOnWhatIsKnown(t *testing.T) {
	doc := compose("x")
	doc.Chain = append(doc.Chain, flows.Step{ID: "map", Card: "list.map", Inputs: schema.Values{"list": "{{ ev.list }}", "expression": "item"}},
		flows.Step{ID: "later", Card: "text.compose", Inputs: schema.Values{"text": ""}})
	doc.Trigger.Inputs = schema.Values{"inputs": []any{schema.Values{"name": "name"}, schema.Values{"name": "list", "type": "list"}}}
	known := func(step string) (schema.Values, bool) {
		v, ok := map[string]schema.Values{"ev": {"name": "maya", "list": []any{schema.Values{"p": int64(4)}}}}[step]
		return v, ok
	}
	for _, c := range []struct {
		step, field, src string
		want             flows.Tried
	}{
		{"last", "fields.v", "text.upper_case(ev.name)", flows.Tried{Value: "MAYA"}},
		{"last", "fields.v", "ev.name", flows.Tried{Value: "maya"}},
		{"last", "fields.v", "ev.name * 2", flows.Tried{Wrong: "invalid operation: text * number", Column: 9}},
		{"last", "fields.v", "1 + ", flows.Tried{Wrong: "the expression ends too soon", Column: 3}},
		{"last", "fields.v", "later.text", flows.Tried{Wrong: "{{ later.text }} cannot be used here: Compose (5) comes later", Column: 1}},
		{"last", "fields.v", "text.text", flows.Tried{None: true, Note: "Nothing is known of Compose (2) yet: run the flow or test the card to see a value here."}},
		{"map", "expression", "item.p * 2", flows.Tried{Value: int64(8), Note: "For the first item."}},
		{"map", "expression", "item.p +", flows.Tried{Wrong: "the expression ends too soon", Column: 8}},
		{"map", "expression", "item - 1", flows.Tried{Wrong: "invalid operation: an object - number", Column: 6}},
		{"gone", "x", "1", flows.Tried{Wrong: "this card is not in the flow any more"}},
	} {
		if got := flows.Try(doc, c.step, "", c.field, c.src, all.Registry(), known); !reflect.DeepEqual(got, c.want) {
			t.Errorf("Try(%s) = %+v, want %+v", c.src, got, c.want)
		}
	}
}

func TestFunctionsAreOfferedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range flows.Offers(all.Registry()) {
		if seen[f.Name] || f.Does == "" || !strings.HasPrefix(f.Signature, f.Name+"(") {
			t.Errorf("%+v is offered badly", f)
		}
		seen[f.Name] = true
		if strings.Contains(f.Name, ".") {
			continue
		}
		_, err := flows.Compile(compose("{{ "+f.Name+"() }}"), all.Registry())
		if err != nil && strings.Contains(err.Error(), "there is no function") {
			t.Errorf("%s is offered and not there", f.Name)
		}
	}
	if len(seen) < 200 {
		t.Errorf("only %d functions are offered", len(seen))
	}
}

func TestADuplicateFollowsItsNames(t *testing.T) {
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "ev", Card: "event.manual"}, Chain: []flows.Step{{ID: "if", Card: "control.if",
		Inputs: schema.Values{"conditions": []any{schema.Values{"left": "1", "operator": "is_not_empty"}}}, Blocks: map[string]flows.Block{"then": {Chain: []flows.Step{
			{ID: "item", Card: "text.compose", Inputs: schema.Values{"text": "x"}},
			{ID: "rate", Card: "text.compose", Inputs: schema.Values{"text": "{{ text.upper_case(item.text) }}"}},
			{ID: "map", Card: "list.map", Inputs: schema.Values{"list": "[]", "expression": "item.p * rate.text + {{ rate.text }}"}},
		}}}}}}
	next, _, _, err := doc.Apply(flows.Edit{Op: flows.OpDuplicate, Step: "if"}, all.Registry())
	if err != nil {
		t.Fatal(err)
	}
	chain := next.Chain[1].Blocks["then"].Chain
	if got, want := chain[1].Inputs["text"], "{{ text.upper_case("+chain[0].ID+".text) }}"; got != want {
		t.Errorf("a function of a duplicate reads %q, want %q", got, want)
	}
	if got, want := chain[2].Inputs["expression"], "item.p * "+chain[1].ID+".text + {{ "+chain[1].ID+".text }}"; got != want {
		t.Errorf("an expression of a duplicate reads %q, want %q", got, want)
	}
}

func TestReferencesToAnotherTypeAreDoubted(t *testing.T) {
	doc := compose("x")
	doc.Trigger.Inputs = schema.Values{"inputs": []any{schema.Values{"name": "rows", "type": "list"}, schema.Values{"name": "name"}, schema.Values{"name": "n", "type": "number"}}}
	doc.Chain = append(doc.Chain,
		flows.Step{ID: "pad", Card: "text.pad", Inputs: schema.Values{"text": "{{ ev.rows }}", "length": "{{ ev.rows }}"}},
		flows.Step{ID: "pad_2", Card: "text.pad", Inputs: schema.Values{"text": "{{ ev.n }}", "length": "{{ ev.name }}"}},
		flows.Step{ID: "sum", Card: "list.sum", Inputs: schema.Values{"list": "{{ ev.n }}"}})
	var got []string
	for _, w := range flows.Warnings(doc, all.Registry()) {
		got = append(got, w.Step+"."+w.Field+" "+w.Message)
	}
	want := []string{"pad.length wants a number, but {{ ev.rows }} is a list", "sum.list wants a list, but {{ ev.n }} is a number"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Warnings = %q, want %q", got, want)
	}
}
