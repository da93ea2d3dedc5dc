package local_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/event"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/enginetest"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
)

// TestASecretThatCannotBeReadForAWhile: a database that is away for a moment is no reason for a
// card to fail.
func TestASecretThatCannotBeReadForAWhile(t *testing.T) {
	t.Parallel()
	type input struct {
		Key string `json:"key" label:"Key" form:"secret"`
	}
	type output struct {
		Length int `json:"length"`
	}
	card := cards.NewFunction(cards.Spec{Name: "test.key", Title: "Key", Summary: "Takes a key", Family: cards.FamilyData, Category: "Test"},
		func(_ context.Context, _ cards.Env, in input) (output, error) { return output{len(in.Key)}, nil })
	db := openSQLite(t)
	document, err := db.PutDocument(t.Context(), enginetest.Document(flows.Step{ID: "key", Card: "test.key", Inputs: schema.Values{"key": "{{ secrets.key }}"}}))
	must(t, err)
	var asked atomic.Int64
	e := local.New(local.Options{Journal: db, Run: db.Run, Executor: runner.New(runner.Options{Journal: db, Passes: store.Passes,
		Program: runner.NewPrograms(4, cards.NewRegistry(event.Endpoint, card), db.Document).Program,
		Secret: func(context.Context, string) (string, error) {
			if asked.Add(1) == 1 {
				return "", fmt.Errorf("read secret: %w", &store.Trouble{Kind: store.Away})
			}
			return "12345", nil
		}})})
	run := flows.Run{ID: store.NewID("r_"), FlowID: "f_1", Document: document, Created: time.Now()}
	must(t, e.Start(t.Context(), run, flows.StartOptions{}))
	got, err := e.Wait(t.Context(), run.ID)
	must(t, err)
	if got.Outcome.Status != flows.Succeeded || asked.Load() != 2 {
		t.Errorf("the run ended %s, %v after its secret was asked for %d times; want succeeded after two", got.Outcome.Status, got.Outcome.Error, asked.Load())
	}
	must(t, e.Shutdown(t.Context()))
}
