package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// record is a run and what its journal says of each of its cards.
type record struct {
	flows.Run
	cards map[string][]flows.Attempt
}

// expected are the cards of each flow that a run which succeeded has asked the world for.
var expected = map[string][]string{
	orders: {"read", "create", "set", "tell", "after", "last"},
	loops:  {"each[0]/item", "each[0]/send", "each[3]/item", "each[3]/send", "each[5]/item", "each[5]/send", "done"},
	later:  {"read", "create", "tell"},
	parent: {"set", "tell"},
	manual: {"create", "read", "tell"},
	child:  {"read", "write"},
}

// once are the cards that are never sent again when a crash hid what became of them.
var once = map[string]bool{"create": true, "last": true, "done": true}

// reconcile compares what callers were told, what the world was asked and what the
// journal says.
func reconcile(ctx context.Context, r *report, folder string, calls []call, w *world, shots []snapshot) error {
	runs, err := journal(ctx, folder)
	if err != nil {
		return err
	}
	byCall := map[string][]*record{}
	for _, run := range runs {
		if id, _ := run.Event["call"].(string); id != "" && run.Parent.Run == "" {
			byCall[id] = append(byCall[id], run)
		}
	}
	for _, c := range calls {
		r.checkCall(c, runs, byCall[c.id])
	}
	for _, run := range runs {
		r.checkRun(run, runs)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for p, hits := range w.hits {
		r.checkPlace(p, w.methods[p], hits, runs)
	}
	for _, shot := range shots {
		for p, n := range shot {
			r.finished++
			if now := len(w.hits[p]); now != n {
				r.fail("finished cards that ran again", "%s of run %s had finished when the server was killed, after %d requests; there are %d now", p.path, p.run, n, now)
			}
		}
	}
	return nil
}

// journal reads every run there is.
func journal(ctx context.Context, folder string) (map[string]*record, error) {
	db, err := store.Open(ctx, filepath.Join(folder, "flowdeck.db"), store.Options{Blobs: filepath.Join(folder, "blobs")})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	runs := map[string]*record{}
	for before := ""; ; {
		rows, next, err := db.Runs(ctx, store.RunFilter{Before: before, Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			run, err := db.Run(ctx, row.ID)
			if err != nil {
				return nil, err
			}
			attempts, err := db.Attempts(ctx, row.ID)
			if err != nil {
				return nil, err
			}
			x := &record{Run: run, cards: map[string][]flows.Attempt{}}
			for _, a := range attempts {
				x.cards[string(a.Path)] = append(x.cards[string(a.Path)], a)
			}
			runs[run.ID] = x
		}
		if before = next; next == "" {
			return runs, nil
		}
	}
}

// checkCall looks whether what a caller was told is so.
func (r *report) checkCall(c call, runs map[string]*record, begun []*record) {
	r.calls++
	if len(begun) > 1 {
		r.fail("calls that began two runs", "%s of %s began %d runs", c.id, c.alias, len(begun))
	}
	if c.run == "" {
		switch {
		case c.status == 0:
			r.unanswered++
			if len(begun) > 0 {
				r.unheard++
			}
		case c.status == http.StatusServiceUnavailable:
			r.refused++
			if len(begun) > 0 {
				r.fail("refused calls that began a run", "%s of %s was told that nothing was started", c.id, c.alias)
			}
		default:
			r.fail("answers that nobody expects", "%s of %s was answered %d, %+v", c.id, c.alias, c.status, c.body)
		}
		return
	}
	run := runs[c.run]
	if run == nil && c.alias == quick {
		r.checkUnkept(c)
		return
	}
	if run == nil {
		r.fail("accepted runs that are lost", "%s of %s was told of run %s with %d", c.id, c.alias, c.run, c.status)
		return
	}
	if id, _ := run.Event["call"].(string); id != c.id {
		r.fail("answers that are not so", "%s of %s was told of run %s, which is for %q", c.id, c.alias, c.run, id)
	}
	answered := run.Response != nil && run.Response.Status == c.status && c.body.Call == c.id
	switch {
	case c.alias == manual || c.alias == later && c.status == http.StatusAccepted:
		r.accepted++ // the caller has its id, and asks later
	case answered && c.status == http.StatusAccepted:
		r.accepted++
	case answered && c.alias == quick:
		r.quick++
	case c.alias == quick && interrupted(run) && run.Response == nil:
		r.checkUnkept(c) // it was written down that it had begun, and not yet that it had answered
	case answered, c.alias == later && c.status == http.StatusOK && run.Status == flows.Succeeded && c.body.Call == c.id:
		r.answered++
	case c.status == http.StatusInternalServerError && run.Status == flows.Failed && run.Response == nil:
		r.toldFailed++
	default:
		r.fail("answers that are not so", "%s of %s was answered %d, %+v; run %s is %s and has answered %+v", c.id, c.alias, c.status, c.body, c.run, run.Status, run.Response)
	}
}

// interrupted reports whether an express run was cut off by a kill.
func interrupted(run *record) bool {
	return run.Status == flows.Failed && run.Error != nil && run.Error.Code == cards.CodeInterrupted
}

// behind is how long the run of an express answer may not be kept yet.
const behind = 2 * time.Second

// checkUnkept looks whether a kill explains that an express answer is not kept.
func (r *report) checkUnkept(c call) {
	r.unkept++
	for _, at := range r.killed {
		if at.After(c.at) && at.Sub(c.at) < behind {
			return
		}
	}
	r.fail("express runs that are lost", "%s was told of run %s, and not killed soon after", c.id, c.run)
}

// checkRun looks whether a run ended as it may.
func (r *report) checkRun(run *record, runs map[string]*record) {
	r.runs++
	if run.Parent.Run != "" && runs[run.Parent.Run] == nil {
		r.fail("runs of a run that is lost", "run %s was begun by run %s", run.ID, run.Parent.Run)
	}
	for path, attempts := range run.cards {
		for _, a := range attempts {
			if run.Status.Done() && (a.Status == flows.Running || a.Status == flows.Waiting || a.Finished.IsZero()) {
				r.fail("cards without an end", "%s#%d of run %s, which is %s, is %s", path, a.Number, run.ID, run.Status, a.Status)
			}
			if id, _ := a.Output["run_id"].(string); id != "" && a.Status == flows.Succeeded && runs[id] == nil {
				r.fail("called runs that are lost", "%s of run %s began run %s", path, run.ID, id)
			}
			if a.Status == flows.Succeeded {
				r.cards++
			}
		}
	}
	switch {
	case run.FlowAlias == quick && interrupted(run):
		r.interrupted++
	case !run.Status.Done():
		r.fail("runs that do not end", "run %s of %s is %s", run.ID, run.FlowAlias, run.Status)
	case run.Status == flows.Succeeded:
		r.succeeded++
		for _, path := range expected[run.FlowAlias] {
			if last := run.cards[path]; len(last) == 0 || last[len(last)-1].Status != flows.Succeeded {
				r.fail("runs that left a card out", "run %s of %s succeeded without %s", run.ID, run.FlowAlias, path)
			}
		}
	case run.Status == flows.Failed && run.Error != nil && run.Error.Code == cards.CodeUnknownOutcome && once[string(run.ErrorPath)]:
		r.inDoubt++
	default:
		r.fail("runs that ended otherwise", "run %s of %s is %s at %s: %v", run.ID, run.FlowAlias, run.Status, run.ErrorPath, run.Error)
	}
}

// slack is how much later than it was sent a request may be counted.
const slack = 100 * time.Millisecond

// checkPlace looks whether the requests for a card are those that its journal explains.
func (r *report) checkPlace(p place, method string, hits []hit, runs map[string]*record) {
	r.requests += len(hits)
	if strings.HasPrefix(p.path, express) {
		if method == http.MethodPost && len(hits) > 1 {
			r.fail("express writes that were repeated", "POST %s of run %s was sent %d times", p.path, p.run, len(hits))
		}
		return
	}
	run := runs[p.run]
	if run == nil {
		if method != http.MethodGet {
			r.fail("writes of a run that nobody knows", "%s %s of run %s was sent and the run is not there", method, p.path, p.run)
		}
		r.forgotten++
		return
	}
	attempts := run.cards[p.path]
	if len(attempts) == 0 {
		if method != http.MethodGet {
			r.fail("writes without a trace", "%s %s of run %s was sent and its history does not say so", method, p.path, p.run)
		}
		return
	}
	last := attempts[len(attempts)-1]
	sent := 0 // attempts that say that they reached the world
	for _, a := range attempts {
		if a.Error == nil || strings.HasPrefix(a.Error.Code, "http_") {
			sent++
		}
	}
	for _, h := range hits {
		if h.at.After(last.Finished.Add(slack)) {
			r.fail("finished cards that ran again", "%s %s of run %s was sent %s after it had finished", method, p.path, p.run, h.at.Sub(last.Finished))
		}
		if want := p.run + "/" + p.path; method == http.MethodPost && h.key != want {
			r.fail("other Idempotency-Keys", "POST %s of run %s was sent with the key %q, want %q", p.path, p.run, h.key, want)
		}
	}
	again := len(hits) - sent
	if again < 0 {
		r.fail("cards that never ran", "%s %s of run %s: the history has %d attempts that were answered, the world was asked %d times", method, p.path, p.run, sent, len(hits))
	}
	switch {
	case method == http.MethodGet:
		r.reread += again
	case method == http.MethodPut:
		r.reput += again
	case once[p.path]:
		if len(hits) > 1 {
			r.fail("writes that were repeated", "POST %s of run %s was sent %d times", p.path, p.run, len(hits))
		}
		r.doubtful += again
	default:
		if len(hits) > len(attempts) {
			r.fail("writes without a trace", "POST %s of run %s was sent %d times, the history has %d attempts", p.path, p.run, len(hits), len(attempts))
		}
		r.resent += again
	}
}

// fail notes something that must not be.
func (r *report) fail(kind, text string, args ...any) {
	if r.wrong == nil {
		r.wrong = map[string][]string{}
	}
	r.wrong[kind] = append(r.wrong[kind], fmt.Sprintf(text, args...))
}
