package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/control"
	"flowdeck/cards/event"
	"flowdeck/cards/httpcard"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// lines are log lines of JSON that goroutines write.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// of are the lines about a run: level, words, step, attempt, code.
func (l *lines) of(t *testing.T, run string) (list []string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.buf.String()) {
		var x struct {
			Level, Msg, Run, Flow, Step, Code string
			Attempt                           json.Number
		}
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if x.Run != run {
			continue
		}
		if x.Flow != "f_1" {
			t.Errorf("the line does not name the flow: %s", line)
		}
		list = append(list, strings.Join([]string{x.Level, x.Msg, x.Step, x.Attempt.String(), x.Code}, " | "))
	}
	return list
}

// TestLogLinesNameRunFlowStepAndAttempt, and hold nothing of what a run works with.
func TestLogLinesNameRunFlowStepAndAttempt(t *testing.T) {
	world := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("maya@acme.io " + r.Header.Get("X-Key")))
	}))
	defer world.Close()
	db, err := store.Open(t.Context(), filepath.Join(storetest.Dir(t), "flowdeck.db"), store.Options{})
	must(t, err)
	defer db.Close()
	log := &lines{}
	logger := slog.New(slog.NewJSONHandler(log, nil))
	registry := cards.NewRegistry(event.Helper, httpcard.Post, control.Each)
	e := local.New(local.Options{Journal: db, Run: db.Run, Log: logger, Executor: runner.New(runner.Options{Journal: db, Log: logger, Flow: db.Callee,
		Program: runner.NewPrograms(4, registry, db.Document).Program,
		Env: func(context.Context, string, string) (cards.Env, error) {
			return cards.Env{HTTP: world.Client(), Now: time.Now}, nil
		}})})

	post := flows.Step{ID: "post", Card: "http.post", Inputs: schema.Values{"url": world.URL + "?key=hunter2", "headers": map[string]any{"X-Key": "hunter2"}, "body": `{"who": "maya@acme.io"}`},
		Policy: flows.Policy{Retry: []flows.Retry{{Match: []string{"http_5xx"}, Attempts: 2}}}}
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.helper"}, Chain: []flows.Step{
		{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": []any{int64(1)}}, Blocks: map[string]flows.Block{"each": {Chain: []flows.Step{post}}}}}}
	must(t, db.CreateFlow(t.Context(), flows.Flow{ID: "f_1", Name: "One", Alias: "one", Draft: doc}))
	version, err := db.Publish(t.Context(), "f_1", 1, doc, "", "Ada")
	must(t, err)
	callee, err := db.Callee(t.Context(), "f_1", false)
	must(t, err)
	run := func() flows.Run {
		return flows.Run{ID: store.NewID("r_"), FlowID: "f_1", FlowName: "One", Version: version, Document: callee.Document, Trigger: "event.helper", Created: time.Now(), Status: flows.Running, Epoch: 1}
	}

	failing := run()
	must(t, e.Start(t.Context(), failing, flows.StartOptions{}))
	if _, err := e.Wait(t.Context(), failing.ID); err != nil {
		t.Fatal(err)
	}
	doubted := run()
	must(t, db.Create(t.Context(), doubted, flows.Entry{Attempt: &flows.Attempt{RunID: doubted.ID, Path: "loop[0]/post", Number: 1, StepID: "post", Card: "http.post", Status: flows.Running, Started: time.Now()}}))
	express := run()
	express.Express = true
	must(t, db.Create(t.Context(), express))
	must(t, e.Recover(t.Context()))
	for _, id := range []string{doubted.ID, express.ID} {
		if _, err := e.Wait(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	must(t, e.Shutdown(t.Context()))

	for _, x := range []struct {
		what, run string
		want      []string
	}{
		{"a run that fails", failing.ID, []string{
			"INFO | a step failed and is tried again | loop[0]/post | 1 | http_503",
			"INFO | a step failed | loop[0]/post | 2 | http_503",
			"WARN | a run failed for good and waits for somebody to look at it | loop[0]/post | 2 | http_503"}},
		{"a run in doubt", doubted.ID, []string{
			"WARN | a step was cut off, and whether it took effect is in doubt | loop[0]/post | 1 | unknown_outcome",
			"WARN | a run failed for good and waits for somebody to look at it | loop[0]/post |  | unknown_outcome"}},
		{"an express run that was under way", express.ID, []string{"WARN | a run was interrupted and does not go on |  |  | interrupted"}},
	} {
		if got := log.of(t, x.run); strings.Join(got, "\n") != strings.Join(x.want, "\n") {
			t.Errorf("%s: the log says\n%s\nwant\n%s", x.what, strings.Join(got, "\n"), strings.Join(x.want, "\n"))
		}
	}
	for _, secret := range []string{"hunter2", "maya@acme.io"} {
		if strings.Contains(log.buf.String(), secret) {
			t.Errorf("the log holds %s:\n%s", secret, log.buf.String())
		}
	}
}
