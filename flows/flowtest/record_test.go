package flowtest_test

import (
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
	"flowdeck/flows/flowtest"
)

func wire(list ...trace.Exchange) *trace.Trace { return &trace.Trace{Exchanges: list} }

var asJSON = [][2]string{{"Content-Type", "application/json"}, {"Date", "today"}}

func TestARecordedRunPassesItsOwnTest(t *testing.T) {
	doc := flow(func(d *flows.Document) { d.Chain[0].Inputs["url"] = "https://api.test/old/{{ start.id }}" })
	history := []flows.Attempt{
		{Path: "read", Number: 1, StepID: "read", Card: "http.get", Status: flows.Failed, Error: &cards.Error{Code: "http_503", Details: schema.Values{"status_code": int64(503), "body": "busy"}},
			Trace: wire(trace.Exchange{Purpose: "token", Method: "POST", URL: "https://login.test/token", Status: 200}, trace.Exchange{Method: "GET", URL: "https://api.test/old/7?a=1&b=2", Status: 503})},
		{Path: "read", Number: 2, StepID: "read", Card: "http.get", Status: flows.Succeeded, Output: schema.Values{"status_code": int64(200), "body": map[string]any{"name": "Maya"}},
			Trace: wire(trace.Exchange{Method: "GET", URL: "https://api.test/old/7?a=1&b=2", Status: 401}, trace.Exchange{Purpose: "replay after sign-in", Method: "GET", URL: "https://api.test/old/7?a=1&b=2", Status: 302, ResponseHeaders: [][2]string{{"Location", "https://api.test/new/7"}}},
				trace.Exchange{Purpose: "redirect", Method: "GET", URL: "https://api.test/new/7", Status: 200, ResponseHeaders: asJSON})},
		{Path: "uuid", Number: 1, StepID: "uuid", Card: "crypto.uuid", Status: flows.Succeeded, Output: schema.Values{"uuid": "u-9"}},
		{Path: "write", Number: 1, StepID: "write", Card: "http.post", Status: flows.Succeeded, Output: schema.Values{"status_code": int64(201), "body": map[string]any{"id": "c_1"}},
			Trace: wire(trace.Exchange{Method: "POST", URL: "https://crm.test/contacts", RequestHeaders: asJSON, RequestBody: `{"name":"Maya","key":"u-9"}`, RequestSize: 27, Status: 201, ResponseHeaders: asJSON})},
	}
	run := flows.Run{Event: schema.Values{"id": "7"}, Created: began, Status: flows.Succeeded, Output: schema.Values{"id": "c_1", "at": "2026-05-06T07:08:09Z"}}
	test, err := flowtest.Record(run, history, all.Registry(), map[string]string{"read": "Read"})
	if err != nil {
		t.Fatal(err)
	}
	if len(test.Exchanges) != 4 || test.Exchanges[0].Step != "Read" || len(test.Exchanges[2].ResponseHeaders) != 1 {
		t.Errorf("recorded %+v", test.Exchanges)
	}
	program, err := flows.Compile(doc, all.Registry())
	if err != nil {
		t.Fatal(err)
	}
	if r := flowtest.Run(t.Context(), flowtest.Flow{ID: "f_1", Program: program}, test); !r.Passed {
		t.Errorf("the run does not pass its own test: %+v", r.Failures)
	}
}

// TestWhatHistoryCutIsPlayedBack records what history keeps the beginning of, or the result.
func TestWhatHistoryCutIsPlayedBack(t *testing.T) {
	get := trace.Exchange{Method: "GET", URL: "https://api.test/all", Status: 200, ResponseHeaders: asJSON}
	failing := trace.Exchange{Method: "GET", URL: "https://api.test/all", Status: 500, ResponseHeaders: [][2]string{{"Content-Type", "text/plain; charset=utf-8"}}}
	kept := strings.Repeat("é", 32<<10-1) + "a" // the next é was cut in half
	long := strings.Repeat("x", 100_000)
	paged := schema.Values{"url": "https://api.test/all", "pagination": "page"}
	for _, c := range []struct {
		name    string
		card    string
		in      schema.Values
		attempt flows.Attempt
		want    string
	}{
		{"pages", "http.get", paged, flows.Attempt{Status: flows.Succeeded, Output: schema.Values{"status_code": int64(200), "items": []any{int64(1), int64(2)}, "pages": int64(2)}, Trace: wire(get, get)}, "[1,2]"},
		{"pages of which one failed", "http.get", paged, flows.Attempt{Status: flows.Failed, Error: &cards.Error{Code: "http_500", Message: "no", Details: schema.Values{"status_code": int64(500), "body": "busy"}}, Trace: wire(get, failing)}, "http_500 busy"},
		{"a long failure", "http.get", schema.Values{"url": "https://api.test/all"}, flows.Attempt{Status: flows.Failed, Error: &cards.Error{Code: "http_500", Details: schema.Values{"body": kept, "body_cut": true}}, Trace: wire(failing)}, "http_500 " + kept + " cut"},
		{"too long an answer", "http.get", schema.Values{"url": "https://api.test/all"}, flows.Attempt{Status: flows.Failed, Error: &cards.Error{Code: "too_large", Message: "large", Details: schema.Values{"body": "abc", "body_cut": true}}, Trace: wire(get)}, "too_large abc cut"},
		{"a long request", "http.post", schema.Values{"url": "https://api.test/all", "body": long, "body_type": "text"}, flows.Attempt{Status: flows.Succeeded, Output: schema.Values{"status_code": int64(200), "body": "ok"},
			Trace: wire(trace.Exchange{Method: "POST", URL: "https://api.test/all", Status: 200, RequestBody: long[:64<<10], RequestSize: 100_000})}, "ok"},
	} {
		doc := flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", nil), Chain: []flows.Step{
			{ID: "t", Card: "control.try", Inputs: schema.Values{"catches": []any{map[string]any{"key": "catch", "match": "any"}}}, Blocks: map[string]flows.Block{
				"try":   {Chain: []flows.Step{step("all", c.card, c.in)}, Result: schema.Values{"x": "{{ all.items ?? all.body }}"}},
				"catch": {Result: schema.Values{"x": "{{ t.error.code }} {{ t.error.details.body }}{{ t.error.details.body_cut == true ? ' cut' : '' }}"}}}},
			step("out", "control.return", schema.Values{"values": schema.Values{"x": "{{ t.x }}"}})}}
		program, err := flows.Compile(doc, all.Registry())
		if err != nil {
			t.Fatal(err)
		}
		c.attempt.Path, c.attempt.StepID, c.attempt.Card, c.attempt.Input = "t/all", "all", c.card, c.in
		run := flows.Run{Status: flows.Succeeded, Created: began, Output: schema.Values{"x": c.want}}
		if c.attempt.Status == flows.Succeeded && c.name == "pages" {
			run.Output["x"] = []any{int64(1), int64(2)}
		}
		test, err := flowtest.Record(run, []flows.Attempt{c.attempt}, all.Registry(), map[string]string{"all": "Get all"})
		if err != nil {
			t.Fatal(err)
		}
		body, err := schema.EncodeJSON(test)
		if err != nil {
			t.Fatal(err)
		}
		if test, err = flowtest.Parse(body); err != nil {
			t.Fatal(err)
		}
		if r := flowtest.Run(t.Context(), flowtest.Flow{ID: "f_1", Program: program}, test); !r.Passed {
			t.Errorf("%s: the run does not pass its own test: %.600v", c.name, r.Failures)
		}
	}
}

func TestALongRequestIsCompared(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	get := trace.Exchange{Method: "POST", URL: "https://api.test/all", Status: 200, RequestBody: long[:64<<10], RequestSize: 100_000}
	test, err := flowtest.Record(flows.Run{Status: flows.Succeeded, Created: began}, []flows.Attempt{{Path: "all", StepID: "all", Card: "http.post", Status: flows.Succeeded, Trace: wire(get)}}, all.Registry(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for body, passes := range map[string]bool{long: true, long + "y": false, "y" + long[1:]: false} {
		program, err := flows.Compile(flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", nil),
			Chain: []flows.Step{step("all", "http.post", schema.Values{"url": "https://api.test/all", "body": body, "body_type": "text"})}}, all.Registry())
		if err != nil {
			t.Fatal(err)
		}
		if r := flowtest.Run(t.Context(), flowtest.Flow{ID: "f_1", Program: program}, test); r.Passed != passes {
			t.Errorf("%d bytes that begin with %.1s: %.300v", len(body), body, r.Failures)
		}
	}
}

func TestARecordedAnswerByLinkIsPlayedBack(t *testing.T) {
	doc := flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", nil), Chain: []flows.Step{
		{ID: "ask", Card: "control.wait_callback", Inputs: schema.Values{"title": "Well?"}, Blocks: map[string]flows.Block{"send": {Chain: []flows.Step{
			step("tell", "http.post", schema.Values{"url": "https://mail.test/", "body": `{"link": {{ ask.url }}}`})}}}},
		step("out", "control.return", schema.Values{"values": schema.Values{"yes": "{{ ask.approved }}"}})}}
	const link = "https://flows.test/callback/open-sesame"
	history := []flows.Attempt{
		{Path: "ask", Number: 1, StepID: "ask", Card: "control.wait_callback", Status: flows.Succeeded, Output: schema.Values{"outcome": "approved", "approved": true}},
		{Path: "ask/tell", Number: 1, StepID: "tell", Card: "http.post", Status: flows.Succeeded, Output: schema.Values{"status_code": int64(200), "body": map[string]any{}},
			Trace: wire(trace.Exchange{Method: "POST", URL: "https://mail.test/", RequestHeaders: asJSON, RequestBody: `{"link":"` + link + `"}`, RequestSize: 50, Status: 200, ResponseHeaders: asJSON})},
	}
	history[1].Trace.Exchanges[0].RequestSize = int64(len(history[1].Trace.Exchanges[0].RequestBody))
	program, err := flows.Compile(doc, all.Registry())
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range []flows.Run{
		{Created: began, Status: flows.Succeeded, Output: schema.Values{"yes": true}},
		{Created: began, Status: flows.Failed, Error: &cards.Error{Code: cards.CodeTimeout}}, // nobody answered
	} {
		if run.Error != nil {
			history[0].Status, history[0].Output, history[0].Error = flows.Failed, nil, run.Error
		}
		test, err := flowtest.Record(run, history, all.Registry(), nil)
		if err != nil {
			t.Fatal(err)
		}
		test.Mask(link)
		if len(test.Exchanges) > 0 && strings.Contains(test.Exchanges[0].Body, "sesame") {
			t.Errorf("the link is in the test: %+v", test.Exchanges)
		}
		if r := flowtest.Run(t.Context(), flowtest.Flow{ID: "f_1", Program: program}, test); !r.Passed {
			t.Errorf("a run that %s does not pass its own test: %+v", run.Status, r.Failures)
		}
	}
}

func TestVariablesAndSecretsAreThoseOfTheRecording(t *testing.T) {
	doc := flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", nil), Chain: []flows.Step{
		step("sign", "crypto.hmac", schema.Values{"data": "x", "key": "{{ secrets.key }}"}),
		step("out", "control.return", schema.Values{"values": schema.Values{"code": "{{ sign.hmac }}", "at": "{{ vars.base }}"}})}}
	history := []flows.Attempt{{Path: "sign", Number: 1, StepID: "sign", Card: "crypto.hmac", Status: flows.Succeeded,
		Input: schema.Values{"data": "x", "key": schema.Redacted}, Output: schema.Values{"hmac": "abc"}}}
	run := flows.Run{Created: began, Status: flows.Succeeded, Output: schema.Values{"code": "abc", "at": "https://api.test"}}
	test, err := flowtest.Record(run, history, all.Registry(), nil)
	if err != nil {
		t.Fatal(err)
	}
	test.Vars = schema.Values{"base": "https://api.test"}
	program, err := flows.Compile(doc, all.Registry())
	if err != nil {
		t.Fatal(err)
	}
	if r := flowtest.Run(t.Context(), flowtest.Flow{ID: "f_1", Program: program}, test); !r.Passed {
		t.Errorf("the run does not pass its own test: %+v", r.Failures)
	}
}

// Outputs that are taken from the recording must be in it: else a test goes another way each time.
func TestACardWithoutARecordedOutputFailsTheTest(t *testing.T) {
	for name, c := range map[string]struct {
		chain []flows.Step
		given map[flows.Path]schema.Values
		want  []string
	}{
		"recorded":     {[]flows.Step{step("uuid", "crypto.uuid", nil)}, map[flows.Path]schema.Values{"uuid": {"uuid": "u-1"}}, nil},
		"not recorded": {[]flows.Step{step("uuid", "crypto.uuid", nil)}, nil, []string{"uuid: this card gives something else every time"}},
		"a wait":       {[]flows.Step{step("ask", "control.wait_callback", schema.Values{"title": "Leave", "on_timeout": "continue"})}, nil, []string{"ask: what this card waits for"}},
		"at its place": {[]flows.Step{{ID: "loop", Card: "control.repeat", Inputs: schema.Values{"times": 2}, Blocks: map[string]flows.Block{"round": {Chain: []flows.Step{step("uuid", "crypto.uuid", nil)}}}}}, map[flows.Path]schema.Values{"uuid": {"uuid": "u-1"}}, []string{"uuid: this card"}},
	} {
		t.Run(name, func(t *testing.T) {
			program, err := flows.Compile(flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", nil), Chain: c.chain}, all.Registry())
			if err != nil {
				t.Fatal(err)
			}
			r := flowtest.Run(t.Context(), flowtest.Flow{ID: "f_1", Program: program}, flowtest.Test{Started: began, Given: c.given})
			if len(r.Failures) != len(c.want) || r.Passed != (len(c.want) == 0) {
				t.Fatalf("passed %v, %+v; want %v", r.Passed, r.Failures, c.want)
			}
			for i, f := range r.Failures {
				if !strings.Contains(f.Text, c.want[i]) {
					t.Errorf("failure %d is %q, want %q", i, f.Text, c.want[i])
				}
			}
		})
	}
}
