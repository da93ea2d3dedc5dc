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

func TestWhatCannotBePlayedBackIsRefused(t *testing.T) {
	get := trace.Exchange{Method: "GET", URL: "https://api.test/", Status: 200, ResponseHeaders: asJSON}
	for _, c := range []struct {
		attempt flows.Attempt
		want    string
	}{
		{flows.Attempt{Status: flows.Succeeded, Output: schema.Values{"body": []any{}}, Trace: wire(get, get)}, "Get all: it made several requests (pages)"},
		{flows.Attempt{Status: flows.Failed, Error: &cards.Error{Code: "http_500", Details: schema.Values{"body": "…", "body_cut": true}}, Trace: wire(get)}, "Get all: its answer was longer"},
		{flows.Attempt{Status: flows.Succeeded, Trace: wire(trace.Exchange{Method: "PUT", URL: "https://api.test/", Status: 200, RequestBody: "a", RequestSize: 100_000})}, "Get all: its request had 100000 bytes"},
	} {
		c.attempt.Path, c.attempt.StepID, c.attempt.Card = "all", "all", "http.get"
		_, err := flowtest.Record(flows.Run{Status: flows.Succeeded, Created: began}, []flows.Attempt{c.attempt}, all.Registry(), map[string]string{"all": "Get all"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Record = %v, want %q", err, c.want)
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
