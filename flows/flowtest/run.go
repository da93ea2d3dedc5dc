package flowtest

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/runner"
)

// Failure is one thing that is not as the test wants it.
type Failure struct {
	Kind string `json:"kind"` // expectation, request or run
	Text string `json:"text"`
	Want string `json:"want,omitempty"`
	Got  string `json:"got,omitempty"`
}

// Result is how a test went.
type Result struct {
	Passed   bool          `json:"passed"`
	Failures []Failure     `json:"failures,omitempty"`
	Requests int           `json:"requests"`
	Took     time.Duration `json:"took"`
	At       time.Time     `json:"at"`
	Document string        `json:"document,omitempty"` // id of the document that was tested
}

// Flow is what is tested.
type Flow struct {
	ID, Name, Alias string
	Program         *flows.Program
}

// longest bounds a test on the wall clock.
const longest = time.Minute

// Run tests a flow.
func Run(ctx context.Context, flow Flow, t Test) Result {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	p := &player{test: t, used: make([]bool, len(t.Exchanges))}
	clock := &clock{now: t.Started}
	if clock.now.IsZero() {
		clock.now = began
	}
	j := &journal{run: flows.Run{ID: runID, FlowID: flow.ID, FlowName: flow.Name, FlowAlias: flow.Alias, Document: "test", Status: flows.Running, Event: t.Event,
		Trigger: flow.Program.Document().Trigger.Card, Created: clock.now, Started: clock.now, Deadline: clock.now.Add(24 * 365 * time.Hour), Trial: t.trial()}}
	tables := recordedTables(t.Failed)
	x := runner.New(runner.Options{Journal: j, Now: clock.Now, Pass: clock.pass, Rand: func() float64 { return 0.5 },
		Program: func(context.Context, string) (*flows.Program, error) { return flow.Program, nil },
		Flow:    notRecorded, Link: func(string, flows.Path) (string, string) { return "https://flowdeck.invalid/answer", "test" },
		Vars: func(context.Context, time.Time) (schema.Values, error) { return t.Vars, nil }, Secret: fakeSecret,
		Env: func(_ context.Context, _, key string) (cards.Env, error) {
			return cards.Env{HTTP: &http.Client{Transport: p.of(pathOf(key))}, Now: clock.Now, Key: key, Tables: tables(pathOf(key))}, nil
		}})
	next, err := x.Segment(ctx, j.run.ID, &runner.Mail{}, func(runner.Commit) {})
	r := Result{At: began}
	switch {
	case err != nil:
		r.Failures = append(r.Failures, Failure{Kind: "run", Text: "The run broke off: " + err.Error()})
	case next.Outcome == nil:
		r.Failures = append(r.Failures, Failure{Kind: "run", Text: "The run waits for something that does not come in a test"})
	}
	r.Failures = append(r.Failures, t.lackingVars(flow.Program)...)
	r.Failures = append(r.Failures, j.notRecorded()...)
	happened := j.happened(flow.Program)
	compiled := pattern.New()
	for _, e := range t.Expect {
		if f := e.check(happened, compiled); f != nil {
			r.Failures = append(r.Failures, *f)
		}
	}
	r.Failures = append(r.Failures, p.rest()...)
	r.Passed, r.Requests, r.Took = len(r.Failures) == 0, p.made, time.Since(began)
	return r
}

// trial gives the outputs that no request can play back.
func (t Test) trial() *flows.Trial {
	trial := &flows.Trial{Past: map[flows.Path]flows.Given{}}
	for p, v := range t.Given {
		trial.Past[p] = flows.Given{Output: v, From: "the recording"}
	}
	return trial
}

func notRecorded(_ context.Context, flowID string, _ bool) (flows.Callee, error) {
	return flows.Callee{}, &cards.Error{Code: codeNoCall, Message: fmt.Sprintf("the recording has no call of the flow %s at this step; record the test again", flowID)}
}

// clock is the time of a test: it moves when somebody waits, and only then.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until.After(c.now) {
		c.now = until
	}
}

// happened is what expectations look at.
func (j *journal) happened(p *flows.Program) schema.Values {
	j.mu.Lock()
	defer j.mu.Unlock()
	steps := map[string]any{p.Document().Trigger.ID: map[string]any(j.run.Event)}
	for _, a := range j.attempts {
		switch a.Status {
		case flows.Succeeded:
			steps[a.StepID] = map[string]any(a.Output)
		case flows.Failed:
			if a.Error != nil {
				steps[a.StepID] = map[string]any{"error": errorValues(a.Error)}
			}
		}
	}
	v := schema.Values{"status": string(j.outcome.Status), "steps": steps, "output": nil, "response": nil, "error": nil}
	if j.outcome.Output != nil {
		v["output"] = map[string]any(j.outcome.Output)
	}
	if j.outcome.Error != nil {
		v["error"] = errorValues(j.outcome.Error)
	}
	if r := j.response; r != nil {
		headers := map[string]any{}
		for name, lines := range r.Headers {
			if len(lines) > 0 {
				headers[name] = lines[0]
			}
		}
		v["response"] = map[string]any{"status": int64(r.Status), "headers": headers, "body": r.Body}
	}
	return v
}

func errorValues(e *cards.Error) map[string]any {
	return map[string]any{"code": e.Code, "message": e.Message}
}
