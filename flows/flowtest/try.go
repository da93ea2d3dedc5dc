package flowtest

import (
	"context"
	"fmt"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

// Try runs a test as it is kept against a document of a flow. What keeps either from
// running is a failure.
func Try(ctx context.Context, flow flows.Flow, doc flows.Document, reg *cards.Registry, body string) Result {
	broken := func(what string, err error) Result {
		return Result{At: time.Now(), Failures: []Failure{{Kind: "run", Text: what + err.Error()}}}
	}
	t, err := Parse([]byte(body))
	if err != nil {
		return broken("The test cannot be read: ", err)
	}
	program, err := flows.Compile(doc, reg)
	if err != nil {
		return broken("The flow cannot run: ", err)
	}
	return Run(ctx, Flow{ID: flow.ID, Name: flow.Name, Alias: flow.Alias, Program: program}, t)
}

// Refusal says why a flow of which so many tests failed may not be published; "" when it may.
func Refusal(set flows.Settings, failed int) string {
	switch {
	case failed == 0 || !set.RequireTests:
		return ""
	case failed == 1:
		return "1 test fails, and this flow requires that all pass."
	}
	return fmt.Sprintf("%d tests fail, and this flow requires that all pass.", failed)
}
