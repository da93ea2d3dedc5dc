package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// shop is a world with a flow that posts an order, then books it with a service that
// is down, and counts what it was asked.
type shop struct {
	*world
	flow  flows.Flow
	down  atomic.Bool
	slow  chan struct{} // held open while it is not closed; nil: no waiting
	mu    sync.Mutex
	asked map[string]int
}

func newShop(t *testing.T) *shop {
	s := &shop{asked: map[string]int{}}
	s.down.Store(true)
	s.world = newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.Method+" "+r.URL.Path]++
		slow := s.slow
		s.mu.Unlock()
		if slow != nil {
			select {
			case <-slow:
			case <-r.Context().Done():
				return
			}
		}
		if strings.HasPrefix(r.URL.Path, "/book") && s.down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{}`)
	})
	s.signIn()
	order := step("order", "http.post", schema.Values{"url": s.upstream.URL + "/order", "body": "{}"})
	order.Title = "Order"
	book := step("book", "http.post", schema.Values{"url": s.upstream.URL + "/book", "body": "{}"})
	book.Title = "Book it"
	get := step("get", "http.get", schema.Values{"url": s.upstream.URL + "/get"})
	s.flow = s.publish("shop", public, endpointDoc([]any{input("id", "text", "body", true)}, order, get, book))
	return s
}

func (s *shop) count(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[what]
}

func (s *shop) fail(n int) (ids []string) {
	s.Helper()
	for i := range n {
		got := s.call("POST", "/api/flows/shop/invoke", fmt.Sprintf(`{"id":"o-%d"}`, i), "Content-Type", "application/json")
		run := s.over(s.run(got).ID)
		if run.Status != flows.Failed {
			s.Fatalf("run ended %s, want failed", run.Status)
		}
		ids = append(ids, run.ID)
	}
	return ids
}

func (s *shop) form(path string, pairs ...string) reply {
	s.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return s.send(s.browser, "POST", path, v.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (s *shop) redone(at string) (r store.Redo, n store.RedoCounts) {
	s.Helper()
	id := at[strings.LastIndex(at, "/")+1:]
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		var err error
		r, err = s.s.Store.Redo(context.Background(), id)
		must(s.T, err)
		n, err = s.s.Store.RedoCounts(context.Background(), id)
		must(s.T, err)
		if r.Status != store.RedoRunning && n.UnderWay == 0 {
			return r, n
		}
	}
	s.Fatalf("redo %s does not end: %+v %+v", id, r, n)
	return r, n
}

func TestFailedRunsAreTakenUpTogether(t *testing.T) {
	s := newShop(t)
	ids := s.fail(12)
	s.has("/runs", "To look at", `class="navn"`, "12")
	s.has("/runs?state=open", "Take up again…", "Dismiss…")
	dialog := s.page("/redos/new?flow=" + s.flow.ID)
	s.want("the dialog", dialog, 200, "12 failed runs that nobody has dealt with. Nothing has begun yet.")
	s.want("from the step that failed", dialog, 200, "Book it (step 4): 12 times; all had failed")
	s.want("from the start", dialog, 200, "Order (step 2): 12 times; all had taken effect")
	if got := s.count("POST /book"); got != 12 {
		t.Fatalf("looking at it booked %d times, want 12", got)
	}
	late := s.fail(1)[0]
	s.down.Store(false)
	got := s.form("/redos", "flow", s.flow.ID, "upto", ids[11], "from", "failed", "version", "same")
	s.want("taking them up", got, http.StatusSeeOther, "")
	r, n := s.redone(got.header.Get("Location"))
	if r.Status != store.RedoDone || n.Succeeded != 12 || n.Failed+n.Refused+n.Waiting != 0 {
		t.Errorf("the redo is %+v, %+v; want 12 that succeeded", r, n)
	}
	if order, book := s.count("POST /order"), s.count("POST /book"); order != 13 || book != 13+12 {
		t.Errorf("it ordered %d times and booked %d, want 13 (none again) and 25", order, book)
	}
	s.has(got.header.Get("Location"), "All 12 succeeded", "From the step that failed, with the version that ran")
	s.has("/runs/"+ids[0], "Taken up again by Maya Ortiz")
	if open, err := s.s.Store.OpenFailures(t.Context(), "", 100); open != 1 || err != nil {
		t.Errorf("%d failures are open, %v; want only the one after the dialog, %s", open, err, late)
	}
	if again := s.form("/redos", "flow", s.flow.ID, "upto", ids[11], "from", "failed", "version", "same"); again.status != http.StatusUnprocessableEntity {
		t.Errorf("taking them up a second time = %d %s, want 422", again.status, again.body)
	}
}

func TestARedoThatFailsAgainIsListedAgain(t *testing.T) {
	s := newShop(t)
	s.fail(2)
	got := s.form("/redos", "from", "start", "version", "live")
	_, n := s.redone(got.header.Get("Location"))
	if n.Failed != 2 || s.count("POST /order") != 4 {
		t.Errorf("the redo is %+v after %d orders; want 2 that failed again, from the start", n, s.count("POST /order"))
	}
	if open, err := s.s.Store.OpenFailures(t.Context(), "", 100); open != 2 || err != nil {
		t.Errorf("%d failures are open, %v; want the 2 new ones", open, err)
	}
	s.has(got.header.Get("Location"), "All 2 failed again", `href="#redo-failed"`, `id="redo-failed"`)
	rows, _, err := s.s.Store.Runs(t.Context(), store.RunFilter{Open: true})
	must(t, err)
	for _, r := range rows {
		s.has(got.header.Get("Location"), `href="/runs/`+r.ID+`"`)
	}
}

func TestARedoCanBeStopped(t *testing.T) {
	s := newShop(t)
	s.fail(30)
	s.down.Store(false)
	s.mu.Lock()
	s.slow = make(chan struct{})
	s.mu.Unlock()
	got := s.form("/redos", "from", "failed", "version", "same")
	at := got.header.Get("Location")
	for end := time.Now().Add(10 * time.Second); s.count("POST /book") < 30+redoneAtOnce && time.Now().Before(end); {
		time.Sleep(2 * time.Millisecond)
	}
	s.want("stop", s.form(at+"/stop"), http.StatusSeeOther, "")
	s.want("stop again", s.form(at+"/stop"), http.StatusSeeOther, "")
	close(s.slow)
	r, n := s.redone(at)
	if r.Status != store.RedoStopped || n.Succeeded != redoneAtOnce || n.Waiting != 30-redoneAtOnce {
		t.Errorf("the stopped redo is %s, %+v; want %d that were begun and succeeded, and the others left", r.Status, n, redoneAtOnce)
	}
	s.has(at, "Stopped: 8 of 30", "Nothing more is begun")
	for end := time.Now().Add(10 * time.Second); s.s.redos.drives(r.ID) && time.Now().Before(end); {
		time.Sleep(2 * time.Millisecond)
	}
	if strings.Contains(s.page(at).body, "every 1s") {
		t.Error("the page of a redo that is over asks for itself")
	}
	s.s.redos.mu.Lock()
	s.s.redos.stop[r.ID] = func() {} // as while it still begins the run that it was at
	s.s.redos.mu.Unlock()
	s.has(at, "every 1s")
	s.s.redos.mu.Lock()
	delete(s.s.redos.stop, r.ID)
	s.s.redos.mu.Unlock()
}

// TestEightOfARedoAreUnderWay: a run that waits keeps its place, whoever begins the next.
func TestEightOfARedoAreUnderWay(t *testing.T) {
	s := newShop(t)
	ctx := context.Background()
	doc := endpointDoc(nil, step("book", "http.post", schema.Values{"url": s.upstream.URL + "/book", "body": "{}"}),
		step("wait", "control.wait", schema.Values{"mode": "for", "amount": int64(5), "unit": "minutes"}))
	s.publish("waits", public, doc)
	var ids []string
	for range redoneAtOnce + 3 {
		ids = append(ids, s.over(s.run(s.call("POST", "/api/flows/waits/invoke", "{}")).ID).ID)
	}
	s.down.Store(false)
	r := store.Redo{ID: "rd_1", Created: time.Now(), By: "Maya", From: store.FromFailed, Version: sameVersion}
	must(t, s.s.Store.CreateRedo(ctx, r, ids))
	more := func(want int) {
		t.Helper()
		_, _, err := s.s.redoMore(ctx, r.ID, make(chan struct{}, 1))
		must(t, err)
		n, err := s.s.Store.RedoCounts(ctx, r.ID)
		must(t, err)
		if n.UnderWay != redoneAtOnce || n.Waiting != len(ids)-want {
			t.Errorf("%d are under way and %d wait to be begun, want %d and %d", n.UnderWay, n.Waiting, redoneAtOnce, len(ids)-want)
		}
	}
	more(redoneAtOnce)
	more(redoneAtOnce) // as after a restart
	list := s.underWay("waits")
	s.end(list[0])
	more(redoneAtOnce + 1)

	must(t, s.s.ResumeRedos(ctx)) // in the background: it hears of the end
	for _, id := range list[1:3] {
		s.end(id)
	}
	for began := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		now, err := s.s.Store.Redo(ctx, r.ID)
		must(t, err)
		if now.Status == store.RedoDone {
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("the redo is %+v, want all to be begun", now)
		}
	}
	if n := len(s.underWay("waits")); n != redoneAtOnce {
		t.Errorf("%d are under way, want %d", n, redoneAtOnce)
	}
}

// underWay are the runs of a flow that are not over.
func (w *world) underWay(alias string) (ids []string) {
	w.Helper()
	f, err := w.s.Store.FlowByAlias(context.Background(), alias)
	must(w.T, err)
	rows, _, err := w.s.Store.Runs(context.Background(), store.RunFilter{FlowID: f.FlowID, Limit: 100})
	must(w.T, err)
	for _, r := range rows {
		if !r.Status.Done() {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// TestARedoGoesOnAfterARestart leaves a redo as a crash would and has another server
// go on: no run is begun twice.
func TestARedoGoesOnAfterARestart(t *testing.T) {
	s := newShop(t)
	ids := s.fail(5)
	s.down.Store(false)
	ctx := context.Background()
	r := store.Redo{ID: "rd_1", Created: time.Now(), By: "Maya", From: store.FromFailed, Version: sameVersion}
	must(t, s.s.Store.CreateRedo(ctx, r, ids))
	list, err := s.s.Store.WaitingRedoRuns(ctx, r.ID, 10)
	must(t, err)
	must(t, s.s.beginAgain(ctx, r, list[0])) // and it died before it could say so
	must(t, s.s.ResumeRedos(ctx))
	_, n := s.redone("/redos/rd_1")
	if n.Succeeded != 5 || s.count("POST /book") != 10 {
		t.Errorf("the redo is %+v after %d bookings; want 5 that succeeded after 10", n, s.count("POST /book"))
	}
}

func TestFailedRunsAreDismissed(t *testing.T) {
	s := newShop(t)
	ids := s.fail(3)
	s.want("the dialog", s.page("/runs/"+ids[0]+"/dismiss"), 200, "Dismiss 1 failed run")
	s.want("dismissing one", s.form("/runs/"+ids[0]+"/dismiss", "note", "Entered by hand"), http.StatusSeeOther, "")
	s.has("/runs/"+ids[0], "Dismissed by Maya Ortiz", "“Entered by hand”", "Put it back on the list")
	if got := s.page("/runs?state=open"); strings.Contains(got.body, `id="row-`+ids[0]) || !strings.Contains(got.body, `id="row-`+ids[1]) {
		t.Error("the list of runs to look at has the one that was dismissed, or lacks another")
	}
	s.want("putting it back", s.form("/runs/"+ids[0]+"/reopen"), http.StatusSeeOther, "")
	s.has("/runs/"+ids[0], "Somebody has to look at this run.")
	s.want("the dialog of all", s.page("/failures/dismiss?flow="+s.flow.ID), 200, "Dismiss 3 failed runs")
	s.want("dismissing all", s.form("/failures/dismiss", "flow", s.flow.ID, "upto", ids[1], "note", "old"), http.StatusSeeOther, "")
	if open, err := s.s.Store.OpenFailures(t.Context(), s.flow.ID, 100); open != 1 || err != nil {
		t.Errorf("%d failures are open, %v; want the one that came later", open, err)
	}
}

// TestANoteIsKeptWholeOrRefused: what would be cut is not taken.
func TestANoteIsKeptWholeOrRefused(t *testing.T) {
	s := newShop(t)
	ids := s.fail(1)
	note := strings.Repeat("ä", store.MostNote)
	s.want("a note that is too long", s.form("/runs/"+ids[0]+"/dismiss", "note", note+"!"), http.StatusUnprocessableEntity, "1,000 letters, got 1,001")
	s.has("/runs/"+ids[0], "Somebody has to look at this run.")
	s.want("the longest note", s.form("/runs/"+ids[0]+"/dismiss", "note", note), http.StatusSeeOther, "")
	s.has("/runs/"+ids[0], "“"+note+"”")
}

func TestFailuresCallAFlow(t *testing.T) {
	s := newShop(t)
	handler := s.publish("handler", public, flows.Document{Trigger: flows.Step{ID: "start", Card: "event.helper", Inputs: schema.Values{"inputs": []any{
		schema.Values{"name": "code", "type": "text"}, schema.Values{"name": "run_id", "type": "text"}}}},
		Chain: []flows.Step{step("note", "text.compose", schema.Values{"text": "{{ start.code }}"})}})
	s.want("the dialog", s.page("/flows/"+s.flow.ID+"/failure"), 200, "Flow handler")
	s.want("choosing it", s.form("/flows/"+s.flow.ID+"/failure", "call", handler.ID), http.StatusSeeOther, "")
	settled := s.post("/flows/"+s.flow.ID+"/failure", url.Values{"call": {handler.ID}}, "HX-Request", "true")
	if says := settled.header.Get("HX-Trigger"); settled.status != http.StatusOK || !strings.Contains(says, "fd:close") || !strings.Contains(says, "Flow handler") {
		t.Errorf("the dialog is answered with %d %s; want it closed, and what is called said", settled.status, says)
	}
	s.want("choosing what is not there", s.form("/flows/"+s.flow.ID+"/failure", "call", "f_nowhere"), http.StatusNotFound, "")
	id := s.fail(1)[0]
	rows, _, err := s.s.Store.Runs(t.Context(), store.RunFilter{FlowID: handler.ID})
	must(t, err)
	if len(rows) != 1 {
		t.Fatalf("the flow for failures has %d runs, want one", len(rows))
	}
	run := s.over(rows[0].ID)
	if run.Event["code"] != "http_503" || run.Event["run_id"] != id || run.Source != "failure of Flow shop" {
		t.Errorf("it began with %v from %q; want the http_503 of %s", run.Event, run.Source, id)
	}
	s.has("/runs/"+run.ID, "failure of Flow shop")
}

func TestRedosByAPI(t *testing.T) {
	s := newShop(t)
	c := newClient(s.world)
	ids := s.fail(4)
	var plan apiRedoPlan
	must(t, json.Unmarshal([]byte(c.do("POST", "/redo-plans", `{"flow":"`+s.flow.ID+`"}`).body), &plan))
	if plan.Total != 4 || plan.UpTo != ids[3] || len(plan.FromFailed) != 1 || plan.FromFailed[0].Step != "book" || len(plan.FromStart) != 2 || plan.FromStart[0].Times != 4 {
		t.Fatalf("the plan is %+v; want 4 runs that book again, or order and book", plan)
	}
	c.want("without a plan", c.do("POST", "/redos", `{"from":"failed"}`), http.StatusUnprocessableEntity, "/redo-plans")
	c.want("dismissing one", c.do("POST", "/runs/"+ids[1]+"/dismiss", `{"note":"mine"}`), http.StatusNoContent, "")
	c.want("dismissing it again", c.do("POST", "/runs/"+ids[1]+"/dismiss", ``), http.StatusConflict, "not_open")
	c.want("the open ones", c.do("GET", "/runs?open=true&limit=1", ""), http.StatusOK, ids[3])
	s.down.Store(false)
	c.want("one from the step that failed", c.do("POST", "/runs/"+ids[0]+"/rerun", `{"from":"failed","version":"same"}`, "Prefer", "wait=10"), http.StatusOK, `"succeeded"`)
	got := c.do("POST", "/redos", `{"flow":"`+s.flow.ID+`","from":"failed","up_to":"`+plan.UpTo+`"}`)
	c.want("taking them up", got, http.StatusAccepted, `"total":2`)
	at := got.header.Get("Location")
	s.redone(at)
	c.want("how far it is", c.do("GET", strings.TrimPrefix(at, apiPrefix), ""), http.StatusOK, `"succeeded":2`)
	c.want("stopping what is over", c.do("POST", strings.TrimPrefix(at, apiPrefix)+"/stop", ""), http.StatusConflict, "ended")
	if order, book := s.count("POST /order"), s.count("POST /book"); order != 4 || book != 4+3 {
		t.Errorf("it ordered %d times and booked %d, want 4 and 7", order, book)
	}
}

// walkRedos calls the operations about failed runs, in a world whose flow fails.
func walkRedos(c *client) {
	f := c.publish("fails", public, endpointDoc(nil, step("stop", "control.return_error", schema.Values{"code": "no_more", "message": "That is all."})))
	fails := func() string {
		return c.over(c.run(c.call("POST", "/api/flows/fails/invoke", "{}", "Content-Type", "application/json")).ID).ID
	}
	fails()
	id := fails()
	var plan apiRedoPlan
	c.expect(http.StatusOK, &plan, "POST", "/redo-plans", `{"flow": "`+f.ID+`"}`)
	c.expect(http.StatusNoContent, nil, "POST", "/runs/"+id+"/dismiss", `{"note": "known"}`)
	var redo apiRedo
	c.expect(http.StatusAccepted, &redo, "POST", "/redos", `{"flow": "`+f.ID+`", "from": "start", "up_to": "`+plan.UpTo+`"}`)
	c.expect(http.StatusOK, &redo, "GET", "/redos/"+redo.ID, "")
	if plan.Total != 2 || redo.Total != 1 {
		c.Errorf("the plan has %d runs and the redo %d, want 2 and the 1 that was not dismissed", plan.Total, redo.Total)
	}
	must(c.T, c.s.Store.CreateRedo(context.Background(), store.Redo{ID: "rd_left", Created: time.Now(), From: store.FromStart, Version: sameVersion}, []string{id}))
	c.expect(http.StatusOK, nil, "POST", "/redos/rd_left/stop", "")
	c.expect(http.StatusOK, nil, "GET", "/runs/"+id+"/rerun-plan", "")
}

// Two people may take up the same runs at the same time: each run is begun once.
func TestTwoRedosOfTheSameRuns(t *testing.T) {
	s := newShop(t)
	ids := s.fail(12)
	s.down.Store(false)
	var at [2]string
	for i := range at {
		got := s.form("/redos", "flow", s.flow.ID, "upto", ids[11], "from", "start", "version", "same")
		s.want("taking them up", got, http.StatusSeeOther, "")
		at[i] = got.header.Get("Location")
	}
	_, first := s.redone(at[0])
	_, second := s.redone(at[1])
	if n := first.Succeeded + second.Succeeded; n != 12 {
		t.Errorf("%d runs were begun, want 12: %+v %+v", n, first, second)
	}
	if order := s.count("POST /order"); order != 24 {
		t.Errorf("it ordered %d times, want 12 at first and 12 again", order)
	}
}
