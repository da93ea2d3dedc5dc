package flows

import (
	"reflect"
	"testing"
	"time"

	"flowdeck/cards/schema"
)

func TestACompleteFlowCompiles(t *testing.T) {
	p, err := Compile(flow(), registry)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range p.Steps() {
		got = append(got, s.Number+" "+string(s.Path)+" "+s.Title+" "+s.Block)
	}
	want := []string{"1 call API Endpoint ", "2 get Get ", "3 check If / Else ", "3.1 check/post Post then", "3.2 check/again Get else", "4 close Close "}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	var refs []string
	for _, r := range p.References("close") {
		refs = append(refs, r.Field+" "+r.Reference.String())
	}
	if want := []string{"body check.who", "body run.id", "body post.status_code"}; !reflect.DeepEqual(refs, want) {
		t.Errorf("References(close) = %q, want %q", refs, want)
	}
}

// edited returns flow with one step changed.
func edited(id string, change func(*Step)) Document {
	d := flow().clone()
	eachStep(&d, func(s *Step) {
		if s.ID == id {
			change(s)
		}
	})
	return d
}

func inputs(id string, v schema.Values) Document {
	return edited(id, func(s *Step) {
		for k, x := range v {
			if s.Inputs == nil {
				s.Inputs = schema.Values{}
			}
			s.Inputs[k] = x
		}
	})
}

func TestEveryProblemIsNamed(t *testing.T) {
	for _, c := range []struct {
		name string
		doc  Document
		want string
	}{
		{"an unknown card", edited("get", func(s *Step) { s.Card = "no.such"; s.Inputs = nil }), `get.card: there is no card named "no.such"`},
		{"an unknown step", inputs("get", schema.Values{"url": "{{ gone.body }}"}), "get.url: {{ gone.body }} leads nowhere: there is no card with the id gone; was it removed?"},
		{"a later step", inputs("get", schema.Values{"query": map[string]any{"a": "{{ close.x }}"}}), "get.query.a: {{ close.x }} cannot be used here: Close (4) comes later"},
		{"itself", inputs("get", schema.Values{"url": "{{ get.body }}"}), "get.url: {{ get.body }} cannot be used here: they are the card's own"},
		{"the other branch", inputs("again", schema.Values{"url": "{{ post.body }}"}), "again.url: {{ post.body }} cannot be used here: Post (3.1) is in the other branch of If / Else (3), Then"},
		{"the card around", inputs("post", schema.Values{"url": "{{ check.who }}"}), "post.url: {{ check.who }} cannot be used here: they are there after If / Else (3), not inside of it"},
		{"a step that is off", edited("again", func(s *Step) { s.Off = true; s.Inputs["url"] = "{{ nonsense" }), ""},
		{"an undeclared output", inputs("post", schema.Values{"url": "{{ get.text }}"}), `post.url: {{ get.text }} leads nowhere: Get (2) has no output "text", it has status_code, headers, body`},
		{"an undeclared output of the trigger", inputs("get", schema.Values{"url": "{{ call.name }}"}), `get.url: {{ call.name }} leads nowhere: API Endpoint (1) has no output "name", it has method, headers, query, body, customer`},
		{"an undeclared block result", inputs("close", schema.Values{"body": "{{ check.whom }}"}), `close.body: {{ check.whom }} leads nowhere: If / Else (3) has no output "whom", it has branch, who`},
		{"an index where names are", inputs("post", schema.Values{"url": "{{ get[0] }}"}), "post.url: {{ get[0] }} leads nowhere: the outputs of Get (2) have names, not numbers"},
		{"an unknown part of the run", inputs("get", schema.Values{"url": "{{ run.name }}"}), "get.url: {{ run.name }} leads nowhere: run has id, started"},
		{"broken syntax", inputs("get", schema.Values{"url": "https://x/{{ call.customer"}), "get.url: column 11: {{ is never closed"},
		{"broken syntax in a condition", inputs("check", schema.Values{"conditions": []any{map[string]any{"left": "{{ }}", "operator": "equals"}}}), "check.conditions.0.left: column 3: there is nothing between {{ and }}"},
		{"an empty required field", inputs("get", schema.Values{"url": ""}), "get.url: is required"},
		{"a list without elements", inputs("check", schema.Values{"conditions": nil}), "check.conditions: is required"},
		{"text where a number is due", inputs("close", schema.Values{"status_code": "two hundred"}), `close.status_code: must be a number, got text "two hundred"`},
		{"a number that is too big", inputs("close", schema.Values{"status_code": int64(700)}), "close.status_code: must be at most 599, got number 700"},
		{"an option that does not exist", inputs("check", schema.Values{"match": "some"}), `check.match: must be one of all, any, got text "some"`},
		{"a URL without a host", inputs("get", schema.Values{"url": "customers/1"}), `get.url: must be a whole address such as https://api.example.com/path, got text "customers/1"`},
		{"a broken JSON body", inputs("post", schema.Values{"body": "{\n \"a\": yes\n}"}), `post.body: this is not JSON: line 2, column 7: text needs "quotes" around it: yes`},
		{"a text body is not JSON", inputs("post", schema.Values{"body_type": "text", "body": "{ not JSON"}), ""},
		{"a field that the card does not have", inputs("get", schema.Values{"urll": "x"}), "get.urll: is not a field here; remove it"},
		{"a step with two namesakes", edited("again", func(s *Step) { s.ID = "get" }), "get.id: Get (3.2) has the same id as Get (2): get"},
		{"an id that is a word", edited("again", func(s *Step) { s.ID = "not" }), `not.id: "not" cannot be the id of a card: it takes letters, digits and _, and no word of the expression language`},
		{"an event inside of the flow", edited("again", func(s *Step) { s.Card = "event.manual" }), "again.card: Manual begins a flow and cannot stand inside of one"},
		{"a trigger that is none", edited("call", func(s *Step) { s.Card = "text.compose"; s.Inputs = nil }), `call.card: Compose cannot begin a flow; get.url: {{ call.customer }} leads nowhere: Compose (1) has no output "customer", it has text; post.body: {{ call.customer }} leads nowhere: Compose (1) has no output "customer", it has text`},
		{"a Close without an endpoint", edited("call", func(s *Step) { s.Card = "event.manual" }), "close: Close answers the caller of an API Endpoint, but this flow begins with Manual"},
		{"an input without a name", inputs("call", schema.Values{"inputs": []any{map[string]any{"name": "customer"}, map[string]any{"name": ""}}}), "call.inputs.1.name: is required"},
		{"an input that hides an output", inputs("call", schema.Values{"inputs": []any{map[string]any{"name": "customer"}, map[string]any{"name": "body"}}}), "call.inputs.1.name: API Endpoint already has an output named body; choose another name"},
		{"an unknown block", edited("check", func(s *Step) { s.Blocks["maybe"] = Block{Chain: []Step{}} }), "check.maybe: If / Else has no block named maybe"},
		{"a broken result", edited("check", func(s *Step) {
			s.Blocks["then"] = Block{Result: schema.Values{"who": "{{ again.body }}"}}
			delete(s.Blocks, "else")
		}), "check.then.who: {{ again.body }} leads nowhere: there is no card with the id again; was it removed?; close.body: {{ post.status_code }} leads nowhere: there is no card with the id post; was it removed?"},
		{"a policy without sense", edited("get", func(s *Step) {
			s.Policy = Policy{OnError: "shrug", Retry: []Retry{{Match: []string{"http_5xx", "rain"}, Attempts: 1, Interval: Duration{Duration: 48 * time.Hour}}}}
		}), `get.policy.on_error: must be "stop", "continue" or "catch", got "shrug"; get.policy.retry.0.match: there is no error "rain"; there are http_503, http_5xx, timeout, connect and so on, and any; get.policy.retry.0.attempts: must be between 2 and 20, the first included, got 1; get.policy.retry.0.interval: must be between 0 and 24h, got 48h0m0s`},
		{"a result that hides an output", edited("check", func(s *Step) { s.Blocks["else"] = Block{Result: schema.Values{"branch": "x", "who": "y"}} }),
			"check.else.branch: If / Else already has an output named branch; choose another name"},
		{"no trigger", Document{}, "trigger: the flow needs a trigger: what begins it"},
		{"a newer format", Document{Format: 9, Trigger: Step{ID: "call", Card: "event.manual"}}, "this flow was made by a newer Flowdeck (document format 9, this one reads up to 1)"},
	} {
		_, err := Compile(c.doc, registry)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}
