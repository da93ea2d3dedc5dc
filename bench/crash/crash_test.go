package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

// program is the server that the tests of this package share.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "flowdeck-crash-")
	if err == nil {
		program = filepath.Join(dir, "flowdeck")
		err = build(context.Background(), program)
	}
	if err != nil {
		log.Fatal(err)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// TestKilledServer is the short version of make crash.
func TestKilledServer(t *testing.T) {
	dir := t.TempDir()
	r, err := crash(t.Context(), settings{kills: 15, callers: 12, seed: uint64(time.Now().UnixNano()), binary: program, folder: filepath.Join(dir, "data")}, dir,
		func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	if err := r.verdict(); err != nil {
		t.Errorf("%v\n%s", err, r.text())
	}
	t.Log("\n" + r.text())
}

// TestReconcileFinds gives reconcile what must not be, and expects that it says so.
func TestReconcileFinds(t *testing.T) {
	end := time.Now()
	done := func(path string, number int, e *cards.Error) flows.Attempt {
		a := flows.Attempt{Path: flows.Path(path), Number: number, Status: flows.Succeeded, Finished: end, Error: e}
		if e != nil {
			a.Status = flows.Failed
		}
		return a
	}
	run := func(status flows.Status, attempts ...flows.Attempt) *record {
		x := &record{Run: flows.Run{ID: "r_1", FlowAlias: child, Status: status, Event: map[string]any{"call": "c1"}}, cards: map[string][]flows.Attempt{}}
		for _, a := range attempts {
			x.cards[string(a.Path)] = append(x.cards[string(a.Path)], a)
		}
		return x
	}
	whole := run(flows.Succeeded, done("read", 1, nil), done("write", 1, nil))
	key, before, after := "r_1/create", end.Add(-time.Second), end.Add(time.Second)
	hits := func(key string, at ...time.Time) (list []hit) {
		for _, t := range at {
			list = append(list, hit{t, key})
		}
		return list
	}
	for _, c := range []struct {
		want string
		look func(r *report)
	}{
		{"", func(r *report) { r.checkRun(whole, map[string]*record{"r_1": whole}) }},
		{"accepted runs that are lost", func(r *report) {
			r.checkCall(call{id: "c1", alias: orders, status: 201, run: "r_2"}, map[string]*record{"r_1": whole}, nil)
		}},
		{"answers that are not so", func(r *report) {
			r.checkCall(call{id: "c1", alias: orders, status: 201, run: "r_1", body: answer{Call: "c1"}}, map[string]*record{"r_1": whole}, nil)
		}},
		{"calls that began two runs", func(r *report) { r.checkCall(call{id: "c1", alias: orders}, nil, []*record{whole, whole}) }},
		{"refused calls that began a run", func(r *report) { r.checkCall(call{id: "c1", alias: orders, status: 503}, nil, []*record{whole}) }},
		{"runs that do not end", func(r *report) { r.checkRun(run(flows.Running), nil) }},
		{"runs that left a card out", func(r *report) { r.checkRun(run(flows.Succeeded, done("read", 1, nil)), nil) }},
		{"runs that ended otherwise", func(r *report) { r.checkRun(run(flows.Cancelled), nil) }},
		{"cards without an end", func(r *report) {
			r.checkRun(run(flows.Cancelled, flows.Attempt{Path: "read", Status: flows.Running}), nil)
		}},
		{"finished cards that ran again", func(r *report) {
			r.checkPlace(place{"r_1", "read"}, http.MethodGet, hits("", before, after), map[string]*record{"r_1": whole})
		}},
		{"writes that were repeated", func(r *report) {
			r.checkPlace(place{"r_1", "create"}, http.MethodPost, hits(key, before, before), map[string]*record{"r_1": run(flows.Failed, done("create", 1, &cards.Error{Code: "unknown_outcome"}))})
		}},
		{"other Idempotency-Keys", func(r *report) {
			r.checkPlace(place{"r_1", "create"}, http.MethodPost, hits("r_1/other", before), map[string]*record{"r_1": run(flows.Succeeded, done("create", 1, nil))})
		}},
		{"writes without a trace", func(r *report) {
			r.checkPlace(place{"r_1", "tell"}, http.MethodPost, hits("r_1/tell", before, before), map[string]*record{"r_1": run(flows.Succeeded, done("tell", 1, nil))})
		}},
		{"writes of a run that nobody knows", func(r *report) { r.checkPlace(place{"r_2", "set"}, http.MethodPut, hits("", before), nil) }},
		{"express writes that were repeated", func(r *report) {
			r.checkPlace(place{"r_2", "q_create"}, http.MethodPost, hits("r_2/q_create", before, before), nil)
		}},
		{"express runs that are lost", func(r *report) {
			r.killed = []time.Time{after.Add(time.Minute)}
			r.checkCall(call{id: "c1", alias: quick, status: 201, run: "r_2", at: before}, nil, nil)
		}},
		{"cards that never ran", func(r *report) {
			r.checkPlace(place{"r_1", "read"}, http.MethodGet, hits("", before), map[string]*record{"r_1": run(flows.Succeeded, done("read", 1, &cards.Error{Code: "http_503"}), done("read", 2, nil))})
		}},
	} {
		r := &report{}
		c.look(r)
		var found []string
		for kind := range r.wrong {
			found = append(found, kind)
		}
		if got := strings.Join(found, ", "); got != c.want && !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("found %q, want %q", got, c.want)
		}
	}
}
