package flowtest_test

import (
	"strings"
	"testing"
	"time"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/flowtest"
)

var began = time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)

func step(id, card string, in schema.Values) flows.Step {
	return flows.Step{ID: id, Card: card, Inputs: in}
}

// flow reads a customer, tries again when the service is busy, waits a day, writes, and returns.
func flow(change func(*flows.Document)) flows.Document {
	read := step("read", "http.get", schema.Values{"url": "https://api.test/c/{{ start.id }}", "query": schema.Values{"b": "2", "a": "1"}})
	read.Policy.Retry = []flows.Retry{{Match: []string{"http_5xx"}, Attempts: 3, Interval: schema.Duration{Duration: time.Hour}}}
	doc := flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", schema.Values{"inputs": []any{schema.Values{"name": "id", "type": "text"}}}), Chain: []flows.Step{
		read,
		step("uuid", "crypto.uuid", nil),
		step("write", "http.post", schema.Values{"url": "https://crm.test/contacts", "body": `{"name": {{ read.body.name }}, "key": {{ uuid.uuid }}}`}),
		step("out", "control.return", schema.Values{"values": schema.Values{"id": "{{ write.body.id }}", "at": "{{ run.started }}"}}),
	}}
	if change != nil {
		change(&doc)
	}
	return doc
}

func recorded() flowtest.Test {
	return flowtest.Test{Event: schema.Values{"id": "7"}, Started: began, Given: map[flows.Path]schema.Values{"uuid": {"uuid": "u-1"}},
		Exchanges: []flowtest.Exchange{
			{Method: "GET", URL: "https://api.test/c/7?a=1&b=2", Status: 503, ResponseBody: "busy"},
			{Method: "GET", URL: "https://api.test/c/7?b=2&a=1", Status: 200, ResponseHeaders: []flowtest.Header{{"Content-Type", "application/json"}}, ResponseBody: `{"name":"Maya"}`},
			{Method: "POST", URL: "https://crm.test/contacts", Headers: []flowtest.Header{{"Content-Type", "application/json"}}, Body: `{"key":"u-1","name":"Maya"}`, Status: 201,
				ResponseHeaders: []flowtest.Header{{"Content-Type", "application/json"}}, ResponseBody: `{"id":12345678901234567890}`},
		},
		Expect: []flowtest.Expectation{{Value: "status", Operator: "equals", With: "succeeded"}, {Value: "output.at", Operator: "starts_with", With: "2026-05-06T07:08:09"},
			{Value: "steps.read.status_code", Operator: "equals", With: int64(200)}, {Value: "steps.write.body.id", Operator: "matches", With: "^1234"}}}
}

func TestATestPlaysTheRecordingBack(t *testing.T) {
	for _, c := range []struct {
		name string
		doc  func(*flows.Document)
		test func(*flowtest.Test)
		want []string // pieces of the failures, in order; none: it passes
	}{
		{"as recorded", nil, nil, nil},
		{"another address", func(d *flows.Document) { d.Chain[0].Inputs["url"] = "https://api.test/v2/{{ start.id }}" }, nil,
			[]string{"status equals", "output.at", "steps.read.status_code", "steps.write.body.id", "Unexpected request: GET https://api.test/v2/7?a=1&b=2. Nearest in the recording: GET https://api.test/c/7?a=1&b=2; the path is /v2/7", "Not made: GET", "Not made: GET", "Not made: POST"}},
		{"another body", func(d *flows.Document) { d.Chain[2].Inputs["body"] = `{"name": "Dana"}` }, nil,
			[]string{"status equals", "output.at", "steps.write.body.id", "the body differs", "Not made: POST"}},
		{"a body that does not count", func(d *flows.Document) { d.Chain[2].Inputs["body"] = `{"name": {{ read.body.name }}, "key": "other"}` }, func(x *flowtest.Test) { x.Ignore = []string{"key"} }, nil},
		{"masked values match anything", nil, func(x *flowtest.Test) { x.Exchanges[2].Body = `{"key":"••••••••","name":"Maya"}` }, nil},
		{"a masked part matches what is around it", nil, func(x *flowtest.Test) { x.Exchanges[2].Body = `{"key":"u-••••","name":"M••••a"}` }, nil},
		{"another text around a masked part", nil, func(x *flowtest.Test) { x.Exchanges[2].Body = `{"key":"key ••••","name":"Maya"}` },
			[]string{"status equals", "output.at", "steps.write.body.id", "the body differs", "Not made: POST"}},
		{"another end after a masked part", nil, func(x *flowtest.Test) { x.Exchanges[2].Body = `{"key":"u-••••-x","name":"Maya"}` },
			[]string{"status equals", "output.at", "steps.write.body.id", "the body differs", "Not made: POST"}},
		{"a masked part of a path", nil, func(x *flowtest.Test) { x.Exchanges[2].URL = "https://crm.test/cont••••" }, nil},
		{"another path around a masked part", nil, func(x *flowtest.Test) { x.Exchanges[2].URL = "https://crm.test/••••/notes" },
			[]string{"status equals", "output.at", "steps.write.body.id", "the path is /contacts", "Not made: POST"}},
		{"a request too few", func(d *flows.Document) { d.Chain = d.Chain[:2] }, nil, []string{"output.at", "steps.write.body.id", "Not made: POST https://crm.test/contacts"}},
		{"a request that need not be made", func(d *flows.Document) { d.Chain = d.Chain[:2] }, func(x *flowtest.Test) { x.Exchanges[2].Optional, x.Expect = true, x.Expect[:1] }, nil},
		{"another order", func(d *flows.Document) {
			d.Chain[2].Inputs["body"] = `{"name": "Maya", "key": "u-1"}`
			d.Chain = []flows.Step{d.Chain[2], d.Chain[0]}
		},
			func(x *flowtest.Test) { x.InOrder, x.Expect = true, nil }, []string{"Unexpected request: POST", "Not made", "Not made", "Not made"}},
		{"a failure that the flow catches", func(d *flows.Document) {
			d.Chain[2].Policy.OnError = "continue"
			d.Chain[2].Inputs["url"] = "https://crm.test/x"
		}, func(x *flowtest.Test) { x.Expect = x.Expect[:1] },
			[]string{"Unexpected request: POST https://crm.test/x", "Not made: POST"}},
		{"no answer", nil, func(x *flowtest.Test) {
			x.Exchanges[1] = flowtest.Exchange{Method: "GET", URL: x.Exchanges[1].URL, Failure: &flowtest.ExchangeError{Code: "dns", Message: "no such host"}}
			x.Exchanges[2].Optional, x.Expect = true, []flowtest.Expectation{{Value: "error.code", Operator: "equals", With: "dns"}}
		}, nil},
		{"an expectation that does not fit", nil, func(x *flowtest.Test) {
			x.Expect = []flowtest.Expectation{{Value: "output", Operator: "greater", With: int64(1)}}
		}, []string{`cannot compare`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			program, err := flows.Compile(flow(c.doc), all.Registry())
			if err != nil {
				t.Fatal(err)
			}
			test := recorded()
			if c.test != nil {
				c.test(&test)
			}
			before := time.Now()
			r := flowtest.Run(t.Context(), flowtest.Flow{ID: "f_1", Name: "Contacts", Alias: "contacts", Program: program}, test)
			if time.Since(before) > 30*time.Second {
				t.Error("the test waited for the wall clock")
			}
			if r.Passed != (len(c.want) == 0) || len(r.Failures) != len(c.want) {
				t.Fatalf("passed %v with %d failures, want %d: %+v", r.Passed, len(r.Failures), len(c.want), r.Failures)
			}
			for i, f := range r.Failures {
				if !strings.Contains(f.Text, c.want[i]) {
					t.Errorf("failure %d is %q, want %q", i, f.Text, c.want[i])
				}
			}
		})
	}
}

func TestTestsAreReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		`{"event":{"n":12345678901234567890},"expect":[{"value":"status","operator":"equals","with":12345678901234567890}]}`: "",
		`{"events":{}}`: `unknown field "events"`,
		`{"event":`:     "is not JSON",
		`{"exchanges":[{"method":"GET","url":"/x","status":200}]}`:                   `exchanges.0.url: must be a whole address`,
		`{"exchanges":[{"method":"GET","url":"https://x.test","status":99}]}`:        "exchanges.0.status: must be between 200 and 599, got 99",
		`{"expect":[{"value":"","operator":"equals"},{"value":"x","operator":"?"}]}`: `expect.0.value: is required; expect.1.operator: there is no comparison "?"`,
	} {
		got, err := flowtest.Parse([]byte(text))
		if want == "" {
			if err != nil || schema.Describe(got.Expect[0].With) == "" || got.Event["n"] == 12345678901234567890.0 {
				t.Errorf("%s = %+v, %v", text, got, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s = %v, want %s", text, err, want)
		}
	}
}

func TestAFlowThatAsksForeverIsToldShortly(t *testing.T) {
	doc := flows.Document{Format: flows.Format, Trigger: step("start", "event.manual", nil), Chain: []flows.Step{
		{ID: "loop", Card: "control.repeat", Inputs: schema.Values{"times": 300}, Blocks: map[string]flows.Block{"round": {Chain: []flows.Step{
			{ID: "read", Card: "http.get", Inputs: schema.Values{"url": "https://api.test/"}, Policy: flows.Policy{OnError: "continue"}}}}}}}}
	program, err := flows.Compile(doc, all.Registry())
	if err != nil {
		t.Fatal(err)
	}
	r := flowtest.Run(t.Context(), flowtest.Flow{ID: "f_1", Program: program}, flowtest.Test{Started: began})
	if r.Requests < 300 || len(r.Failures) > 100 {
		t.Errorf("%d requests, %d failures", r.Requests, len(r.Failures))
	}
}
