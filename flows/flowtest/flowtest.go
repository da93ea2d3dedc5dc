// Package flowtest runs a flow against answers that were recorded.
//
// Nothing touches the network, a database or the wall clock: requests are answered
// from the test, waits pass at once, and what cannot be played back over HTTP is
// taken from the recording. It keeps nothing.
package flowtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// Limits of a test.
const (
	MaxExchanges  = 500
	MaxAssertions = 200
	MaxBytes      = 4 << 20 // of a test as JSON
)

// Test is what begins a flow, how the world answers it, and what is expected.
type Test struct {
	Event     schema.Values                `json:"event"`
	Started   time.Time                    `json:"started"`          // the clock of the test begins here
	Vars      schema.Values                `json:"vars,omitempty"`   // the variables that the flow mentions
	Given     map[flows.Path]schema.Values `json:"given,omitempty"`  // outputs that are taken from the recording
	Failed    map[flows.Path]ExchangeError `json:"failed,omitempty"` // failures that are taken from the recording
	Exchanges []Exchange                   `json:"exchanges,omitempty"`
	InOrder   bool                         `json:"in_order,omitempty"` // requests must come in the order of Exchanges
	Ignore    []string                     `json:"ignore,omitempty"`   // query keys, headers and keys of bodies that do not count
	Expect    []Expectation                `json:"expect,omitempty"`
}

// Exchange is a request and its answer.
type Exchange struct {
	Step            string         `json:"step,omitempty"` // that made it; for people
	Method          string         `json:"method"`
	URL             string         `json:"url"`
	Headers         []Header       `json:"headers,omitempty"` // that the request must have
	Body            string         `json:"body,omitempty"`
	BodySize        int64          `json:"body_size,omitempty"` // bytes of the request's body, when Body is only its beginning
	Optional        bool           `json:"optional,omitempty"`  // the test passes also when it is not made
	Status          int            `json:"status,omitempty"`
	ResponseHeaders []Header       `json:"response_headers,omitempty"`
	ResponseBody    string         `json:"response_body,omitempty"`
	Failure         *ExchangeError `json:"failure,omitempty"` // no answer came
}

// Header is one header line.
type Header [2]string

// ExchangeError is why no answer came: "timeout", "connect" and the like.
type ExchangeError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	// Details are what the flow sees of a failure that is taken from the recording.
	Details schema.Values `json:"details,omitempty"`
}

// error is the failure of a card.
func (x ExchangeError) error() *cards.Error {
	return &cards.Error{Code: x.Code, Message: x.Message, Details: x.Details, Retryable: true}
}

// Expectation is what must be true of a value once the flow has ended. Value leads
// to it: status, error.code, output.id, response.body.name, steps.get.status_code.
type Expectation struct {
	Value    string `json:"value"`
	Operator string `json:"operator"` // of cards/condition
	With     any    `json:"with,omitempty"`
}

// Parse reads a test and says what is wrong with it.
func Parse(data []byte) (Test, error) {
	var t Test
	if len(data) > MaxBytes {
		return t, problem("", "a test may have %d MB", MaxBytes>>20)
	}
	v, err := schema.DecodeJSON(data)
	if err != nil {
		return t, problem("", "is not JSON: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&t); err != nil {
		return t, problem("", "%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	t.exact(v)
	return t, t.Check()
}

// exact puts the numbers of values in as they were written.
func (t *Test) exact(v any) {
	root, _ := v.(map[string]any)
	t.Event, _ = root["event"].(map[string]any)
	t.Vars, _ = root["vars"].(map[string]any)
	given, _ := root["given"].(map[string]any)
	for p := range t.Given {
		t.Given[p], _ = given[string(p)].(map[string]any)
	}
	failed, _ := root["failed"].(map[string]any)
	for p, x := range t.Failed {
		m, _ := failed[string(p)].(map[string]any)
		x.Details, _ = m["details"].(map[string]any)
		t.Failed[p] = x
	}
	expect, _ := root["expect"].([]any)
	for i := range t.Expect {
		if e, ok := expect[i].(map[string]any); ok {
			t.Expect[i].With = e["with"]
		}
	}
}

// Check says what is wrong with a test.
func (t Test) Check() error {
	var problems schema.Problems
	add := func(field, format string, args ...any) {
		problems = append(problems, schema.Problem{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if len(t.Exchanges) > MaxExchanges {
		add("exchanges", "may be %d, got %d", MaxExchanges, len(t.Exchanges))
	}
	if len(t.Expect) > MaxAssertions {
		add("expect", "may be %d, got %d", MaxAssertions, len(t.Expect))
	}
	for i, x := range t.Exchanges {
		at := fmt.Sprintf("exchanges.%d", i)
		switch {
		case x.Method == "":
			add(at+".method", "is required")
		case !strings.HasPrefix(x.URL, "http://") && !strings.HasPrefix(x.URL, "https://"):
			add(at+".url", "must be a whole address such as https://api.example.com/path, got %q", x.URL)
		case x.Failure == nil && (x.Status < 200 || x.Status > 599):
			add(at+".status", "must be between 200 and 599, got %d", x.Status)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(t.Failed)) {
		if t.Failed[p].Code == "" {
			add("failed."+string(p)+".code", "is required")
		}
	}
	for i, e := range t.Expect {
		at := fmt.Sprintf("expect.%d", i)
		if strings.TrimSpace(e.Value) == "" {
			add(at+".value", "is required")
		}
		if !slices.Contains(Operators(), e.Operator) {
			add(at+".operator", "there is no comparison %q", e.Operator)
		}
	}
	return problems.Err()
}

func problem(field, format string, args ...any) error {
	return schema.Problems{{Field: field, Message: fmt.Sprintf(format, args...)}}
}
