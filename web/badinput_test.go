package web

import (
	"context"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// given is what the callers of the table send.
var given = schema.Values{
	"text": "maya", "n": 7, "zero": 0, "huge": json.Number("123456789012345678901234567890"), "list": []any{1, "a"}, "empty": []any{}, "null": nil,
	"object": schema.Values{"a": 1}, "date": "2026-02-30", "csv": "a,b\n\"1,2", "json": `{"a": `, "letters": strings.Repeat("a", 2<<20),
	"xml":     `<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`,
	"deep":    strings.Repeat("[", 100_000),
	"pattern": "((a{1,30}){1,30})*b", "open": "(", "base64": "%%%", "zone": "Mars/Olympus",
}

// wrongInputs are cards that get what they cannot work with: the error says which value in
// which field, and the run which card.
var wrongInputs = []struct {
	what, card string
	in         schema.Values
	code       string
	says       string // field: what is wrong with which value
}{
	{"text as a number", "number.add", schema.Values{"number": "{{ x.text }}", "number_2": 1}, "invalid_input", `number: must be a number, got text "maya"`},
	{"an object as a number", "number.add", schema.Values{"number": "{{ x.object }}", "number_2": 1}, "invalid_input", `number: must be a number, got an object`},
	{"text as a list", "control.each", schema.Values{"items": "{{ x.text }}"}, "invalid_input", `items: must be a list, got text "maya"`},
	{"an object as a list", "list.sum", schema.Values{"list": "{{ x.object }}"}, "invalid_input", `list: must be a list, got an object`},
	{"text in a list of numbers", "list.sum", schema.Values{"list": "{{ x.list }}"}, "invalid_input", `list.1: must be a number, got text "a"`},
	{"a list as an object", "object.keys", schema.Values{"object": "{{ x.list }}"}, "invalid_input", `object: must be an object, got a list of 2`},
	{"text as true or false", "control.continue_if", schema.Values{"conditions": []any{schema.Values{"left": "{{ x.text }}", "operator": "greater", "right": 5}}}, "invalid_input", `conditions.0: "is greater than" cannot compare text "maya" with number 5`},
	{"a number as an address", "http.get", schema.Values{"url": "{{ x.n }}"}, "invalid_input", `url: must begin with https:// or http://, got text "7"`},
	{"a list as headers", "http.get", schema.Values{"url": "https://api.test", "headers": "{{ x.list }}"}, "invalid_input", `headers: must be an object, got a list of 2`},
	{"an empty list: average", "list.average", schema.Values{"list": "{{ x.empty }}"}, "invalid_input", `list: has no numbers, so there is no average`},
	{"an empty list: median", "list.median", schema.Values{"list": "{{ x.empty }}"}, "invalid_input", `list: has no numbers, so there is no median`},
	{"an empty list: largest", "list.maximum", schema.Values{"list": "{{ x.empty }}"}, "invalid_input", `list: has no numbers, so there is no largest number`},
	{"an empty list: reduce", "text.compose", schema.Values{"text": "{{ reduce(x.empty, #acc + #) }}"}, "invalid_input", `text: {{ reduce(endpoint.body.empty, #acc + #) }}: reduce has no item to begin with: the list is empty`},
	{"null as a list", "control.each", schema.Values{"items": "{{ x.null }}"}, "invalid_input", `items: is required; {{ endpoint.body.null }} gave nothing`},
	{"null as a number", "number.multiply", schema.Values{"number": "{{ x.null }}", "number_2": 1}, "invalid_input", `number: is required; {{ endpoint.body.null }} gave nothing`},
	{"null in an expression", "text.compose", schema.Values{"text": "{{ x.null + 1 }}"}, "invalid_input", `text: {{ endpoint.body.null + 1 }}: invalid operation: nothing + number`},
	{"a missing key: required", "http.get", schema.Values{"url": "{{ x.nope.deeper }}"}, "invalid_input", `url: is required; {{ endpoint.body.nope.deeper }} gave nothing`},
	{"a missing key: a list", "list.sum", schema.Values{"list": "{{ x.nope }}"}, "invalid_input", `list: must be a list, got nothing; an empty list is []; {{ endpoint.body.nope }} gave nothing`},
	{"a date that is none", "date.add", schema.Values{"date": "{{ x.date }}", "amount": 1, "unit": "days"}, "invalid_input", `date: must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z, got text "2026-02-30"`},
	{"text that is no date", "date.from_text", schema.Values{"text": "{{ x.text }}"}, "invalid_input", `text: is not a date that is written in only one way, such as 2026-03-01T09:30:00Z; say its format, got text "maya"`},
	{"no time zone", "date.to_zone", schema.Values{"date": "2026-01-01", "zone": "{{ x.zone }}"}, "invalid_input", `zone: is not a time zone such as Europe/Berlin or +02:00, got text "Mars/Olympus"`},
	{"a wait until no date", "control.wait", schema.Values{"mode": "until", "until": "{{ x.text }}"}, "invalid_input", `until: must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z, got text "maya"`},
	{"division by zero: card", "number.divide", schema.Values{"number": 1, "divisor": "{{ x.zero }}"}, "invalid_input", `divisor: is 0, and nothing can be divided by 0`},
	{"division by zero: remainder", "number.remainder", schema.Values{"number": 1, "divisor": "{{ x.zero }}"}, "invalid_input", `divisor: is 0, and nothing can be divided by 0`},
	{"division by zero: expression", "text.compose", schema.Values{"text": "{{ x.n / x.zero }}"}, "invalid_input", `text: {{ endpoint.body.n / endpoint.body.zero }}: something is divided by zero`},
	{"chunks of zero", "list.chunk", schema.Values{"list": "{{ x.list }}", "size": "{{ x.zero }}"}, "invalid_input", `size: must be at least 1, got number 0`},
	{"a number too large for its field", "text.repeat", schema.Values{"text": "a", "times": "{{ x.huge }}"}, "invalid_input", `times: must be at most 1000000, got number 123456789012345678901234567890`},
	{"two million items", "control.each", schema.Values{"items": "{{ 1..2000000 }}"}, "invalid_input", `items: {{ 1..2000000 }}: the expression makes lists and objects of more than 1,000,000 items in all`},
	{"a loop without an end", "control.repeat", schema.Values{"conditions": []any{schema.Values{"left": "1", "operator": "equals", "right": "1"}}, "most": 50}, "limit", `the conditions still hold after 50 rounds, more than the 50 that are allowed. Let them end, or raise At most`},
	{"a list of two million", "list.range", schema.Values{"start": 1, "end": 2000000}, "limit", `end: makes more than 1,000,000 numbers`},
	{"a pattern that explodes", "text.find_pattern", schema.Values{"text": "{{ x.letters }}", "pattern": "{{ x.pattern }}"}, "limit", `pattern: is too large for a text of 2097152 letters; shorten one of them`},
	{"no pattern", "text.find_pattern", schema.Values{"text": "{{ x.text }}", "pattern": "{{ x.open }}"}, "invalid_input", `pattern: is not a pattern: missing closing ) at "("`},
	{"a pattern in an expression", "text.compose", schema.Values{"text": "{{ x.text matches x.open }}"}, "invalid_input", `text: {{ endpoint.body.text matches endpoint.body.open }}: this is not a pattern: missing closing ) at "("`},
	{"an XML bomb", "xml.parse", schema.Values{"text": "{{ x.xml }}"}, "invalid_input", `text: is not XML that can be read: line 1, column 58: a document type (DTD) is refused`},
	{"CSV with a broken quote", "csv.parse", schema.Values{"text": "{{ x.csv }}"}, "invalid_input", `text: is not CSV that can be read: line 2, column 1: a quote is opened here and never closed`},
	{"JSON that ends too soon", "json.parse", schema.Values{"text": "{{ x.json }}"}, "invalid_input", `text: is not JSON: line 1, column 7: expected a value, but the text ends`},
	{"JSON that is too deep", "json.parse", schema.Values{"text": "{{ x.deep }}"}, "invalid_input", `text: is not JSON: line 1, column 1001: nested too deeply: more than 1000 levels`},
	{"no Base64", "encoding.base64_decode", schema.Values{"text": "{{ x.base64 }}"}, "invalid_input", `text: is not Base64: character 1, without spaces, is none of its signs`},
	{"a table that there is not", "table.search_rows", schema.Values{"table": "{{ x.text }}"}, "no_table", `the table "maya" is not on this server (any more)`},
	{"a flow that there is not", "control.call", schema.Values{"flow": "{{ x.text }}"}, "flow_unavailable", `the flow that it calls, "maya", is gone: choose another and publish this flow`},
}

func TestBadInputIsNamedByCardFieldAndValue(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	f := w.publish("bad", public, endpointDoc(nil, step("a", "text.compose", schema.Values{"text": "1"})))
	for _, c := range wrongInputs {
		bad := step("bad", c.card, c.in)
		bad.Title = "The bad card"
		doc := endpointDoc(nil, bad)
		replaceX(doc.Chain[0].Inputs)
		body, err := json.Marshal(givenTo(t, doc.Chain[0].Inputs))
		must(t, err)
		if _, err := flows.Compile(doc, w.s.Cards); err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		w.publishAgain(f.ID, doc)
		answer := w.call("POST", "/api/flows/bad/invoke", string(body), "Content-Type", "application/json")
		run := w.over(w.newest())
		switch {
		case answer.status < 400:
			t.Errorf("%s: the caller got %d %.200s", c.what, answer.status, answer.body)
		case run.Error == nil || run.ErrorPath != "bad" || run.Error.Code != c.code || !strings.HasPrefix(run.Error.Message, c.says):
			t.Errorf("%s: the run ended %s at %s with %v\nwant %s: %s", c.what, run.Status, run.ErrorPath, run.Error, c.code, c.says)
		}
		page := w.visit("/runs/" + run.ID)
		if page.status != http.StatusOK || !strings.Contains(page.body, "The bad card") || !strings.Contains(page.body, html.EscapeString(c.says[:min(len(c.says), 60)])) {
			t.Errorf("%s: the page of the run does not say %s", c.what, c.says)
		}
	}
}

// TestFlowsThatCallThemselvesEnd is the recursion of the table: the run that began it fails
// with a code of its own.
func TestFlowsThatCallThemselvesEnd(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	helper := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "helper", Card: "event.helper"}, Chain: []flows.Step{step("a", "text.compose", schema.Values{"text": "1"})}}
	self := w.publish("self", public, helper)
	helper.Chain = []flows.Step{step("again", "control.call", schema.Values{"flow": self.ID})}
	w.publishAgain(self.ID, helper)
	f := w.publish("caller", public, endpointDoc(nil, step("call", "control.call", schema.Values{"flow": self.ID})))
	w.call("POST", "/api/flows/caller/invoke", "{}", "Content-Type", "application/json")
	list, _, err := w.s.Store.Runs(context.Background(), store.RunFilter{FlowID: f.ID})
	must(t, err)
	run := w.over(list[0].ID)
	if run.Error == nil || run.Error.Code != cards.CodeCallDepth || run.ErrorPath != "call" || !strings.Contains(run.Error.Message, "Flow self, at again: ") || !strings.Contains(run.Error.Message, "does one call itself without an end?") {
		t.Errorf("the run ended %s at %s with %v", run.Status, run.ErrorPath, run.Error)
	}
}

// givenTo is what the caller of a card with these inputs sends: the values that they name.
// With all of them, every call would carry, keep and show two million letters.
func givenTo(t *testing.T, in schema.Values) schema.Values {
	t.Helper()
	text, err := json.Marshal(in)
	must(t, err)
	values := schema.Values{}
	for _, m := range bodyName.FindAllSubmatch(text, -1) {
		if value, ok := given[string(m[1])]; ok {
			values[string(m[1])] = value
		}
	}
	return values
}

var bodyName = regexp.MustCompile(`endpoint\.body\.(\w+)`)

// replaceX has templates read the body of the call.
func replaceX(v any) {
	switch v := v.(type) {
	case schema.Values:
		for k, x := range v {
			if s, ok := x.(string); ok {
				v[k] = strings.ReplaceAll(s, "x.", "endpoint.body.")
			} else {
				replaceX(x)
			}
		}
	case []any:
		for _, x := range v {
			replaceX(x)
		}
	}
}
