// Package storetest is what a database must do to be Flowdeck's: one suite that
// every database passes, and a PostgreSQL to run it on. It may only be imported by tests.
package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// Opener opens an empty database that is closed when t ends. It fills in what o leaves out.
type Opener func(t testing.TB, o store.Options) *store.Store

// Run runs the suite.
func Run(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Opener)
	}{
		{"flows", testFlows},
		{"flow list", testFlowList},
		{"drafts", testDrafts},
		{"undo", testUndo},
		{"publishing", testPublishing},
		{"endpoints", testEndpoints},
		{"deleted flows", testDeletedFlows},
		{"life of a run", testLife},
		{"limits of a run", testBounds},
		{"finishing", testFinishing},
		{"short runs", testPacked},
		{"outlines", testOutlines},
		{"outlines of long runs", testOutlinesOfLongRuns},
		{"fencing", testFencing},
		{"processes that died", testDied},
		{"one answer", testAnswers},
		{"failed runs", testFailures},
		{"parking", testParking},
		{"waiting", testWaits},
		{"cancelling", testCancelling},
		{"group commit", testGroupCommit},
		{"a failing member", testFailingMember},
		{"crossing writers", testCrossing},
		{"closing", testClosing},
		{"run list", testRunList},
		{"run search", testRunSearch},
		{"history", testHistory},
		{"samples", testSamples},
		{"last answers", testLastAnswers},
		{"shapes", testShapes},
		{"outputs of a run", testRunOutputs},
		{"errors in a row", testSameErrors},
		{"trials", testTrials},
		{"pins", testPins},
		{"flow tests", testFlowTests},
		{"large bodies", testLargeBodies},
		{"strange text", testStrangeText},
		{"pruning by age", testPruneByAge},
		{"pruning files and documents", testPruneLeftovers},
		{"API tokens", testAPITokens},
		{"runs that are begun once", testOnce},
		{"runs that are under way", testUnderWay},
		{"folders", testFolders},
		{"pages of attempts", testAttemptsPage},
		{"users", testUsers},
		{"setup", testSetup},
		{"sessions", testSessions},
		{"settings", testSettings},
		{"connections", testConnections},
		{"uses of connections", testUses},
		{"sign-ins", testSignIns},
		{"tables", testTables},
		{"rows of tables", testRows},
		{"unique dates", testUniqueDates},
		{"columns of tables", testColumns},
		{"columns of rows that changed", testColumnsOfRowsThatChanged},
		{"columns that go", testColumnsThatGo},
		{"variables", testVariables},
		{"client apps", testApps},
		{"tokens of apps", testAppTokens},
		{"signing keys", testSigningKeys},
		{"old aliases", testOldAliases},
		{"changes made together", testTogether},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 4, 5, 6, 7, 89000, time.UTC)
)

// clock is a time that tests set.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error = %v, want %v", what, got, want)
	}
}

func want(t testing.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s =\n\t%#v, want\n\t%#v", what, got, want)
	}
}

// document is one that uses a connection, "" for none.
func document(url, connection string) flows.Document {
	return flows.Document{
		Format:  flows.Format,
		Trigger: flows.Step{ID: "start", Card: "event.endpoint"},
		Chain: []flows.Step{
			{ID: "get", Card: "http.get", Connection: connection, Inputs: map[string]any{"url": url, "limit": int64(7), "ratio": 0.5}},
			{ID: "if_1", Card: "control.if", Blocks: map[string]flows.Block{"then": {Chain: []flows.Step{{ID: "set", Card: "object.set"}}}}},
		},
	}
}

// newFlow stores a flow named after its id.
func newFlow(t testing.TB, s *store.Store, id string) flows.Flow {
	t.Helper()
	f := flows.Flow{ID: id, Name: "Flow " + id, Alias: id, Draft: document("https://a.example", "")}
	must(t, s.CreateFlow(ctx, f))
	return f
}

// newRun stores a claimed run of a flow and returns its id.
func newRun(t testing.TB, s *store.Store, flow string, event map[string]any) string {
	t.Helper()
	id := store.NewID("r_")
	must(t, s.Create(ctx, flows.Run{ID: id, FlowID: flow, Version: 1, Status: flows.Running, Epoch: 1, Event: event}))
	return id
}

// succeeded is an entry of a step that went well.
func succeeded(path flows.Path, step string, output map[string]any) flows.Entry {
	return flows.Entry{Attempt: &flows.Attempt{Path: path, Number: 1, StepID: step, Card: "http.get", Status: flows.Succeeded,
		Output: output, Started: start, Finished: start.Add(time.Millisecond)}}
}
