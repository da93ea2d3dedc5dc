package web

import (
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store/storetest"
)

// waitingRuns is an endpoint that may have one run at a time, and whose runs wait for five
// minutes, though they may take a second.
func waitingRuns(t *testing.T) (w *world, clock *forward, begin func() reply) {
	w, clock = newWorld(t, echoUpstream), &forward{}
	w.s.Now = clock.now
	return w, clock, w.waitingRuns()
}

func (w *world) waitingRuns() (begin func() reply) {
	set := flows.Settings{Security: "public", Concurrency: 1, Async: true}
	set.RunTimeout.Duration = time.Second
	w.publish("waits", set, endpointDoc(nil, step("wait", "control.wait", schema.Values{"mode": "for", "amount": int64(5), "unit": "minutes"})))
	return func() reply { return w.call("POST", "/api/flows/waits/invoke", "{}") }
}

// end stops a run and waits until it has ended.
func (w *world) end(id string) {
	w.Helper()
	must(w.T, w.engine.Cancel(w.Context(), id))
	w.over(id)
}

// TestARunThatWaitsKeepsItsPlace: the time that a run may take stands still while it waits.
func TestARunThatWaitsKeepsItsPlace(t *testing.T) {
	w, clock, begin := waitingRuns(t)
	first := begin()
	w.want("the first", first, 202, "")
	for _, by := range []time.Duration{0, 63 * time.Second, 4 * time.Minute, time.Hour} {
		clock.by = by
		w.want("the second, after "+by.String(), begin(), 429, "too_many_runs")
	}
	w.end(first.header.Get("X-Flowdeck-Run"))
	w.want("the second, when the first has ended", begin(), 202, "")
}

// TestRunsOfBeforeTheStartKeepTheirPlaces: a server that starts finds runs under way.
func TestRunsOfBeforeTheStartKeepTheirPlaces(t *testing.T) {
	w, clock, begin := waitingRuns(t)
	first := begin()
	w.want("the first", first, 202, "")
	w.s.crowd = crowd{} // as it is after a start
	w.want("the second", begin(), 429, "too_many_runs")
	clock.by = time.Hour
	w.want("the second, much later", begin(), 429, "too_many_runs")
	w.end(first.header.Get("X-Flowdeck-Run"))
	w.want("the second, when the first has ended", begin(), 202, "")
}

// TestRunsOfSeveralServersAreCountedTogether: where there may be several, the database counts.
func TestRunsOfSeveralServersAreCountedTogether(t *testing.T) {
	w := newWorldOn(t, storetest.StartPostgres(t).Database(t), echoUpstream)
	begin := w.waitingRuns()
	first := begin()
	w.want("the first", first, 202, "")
	w.want("the second", begin(), 429, "too_many_runs")
	key := []string{"Idempotency-Key", "k1"}
	w.want("the second, with a key", w.call("POST", "/api/flows/waits/invoke", "{}", key...), 429, "too_many_runs")
	w.end(first.header.Get("X-Flowdeck-Run"))
	keyed := w.call("POST", "/api/flows/waits/invoke", "{}", key...)
	w.want("the second, when the first has ended", keyed, 202, "")
	again := w.call("POST", "/api/flows/waits/invoke", "{}", key...)
	w.want("again with its key", again, 202, keyed.header.Get("X-Flowdeck-Run"))
	w.want("the third", begin(), 429, "too_many_runs")
}

// TestARunWhoseEndNobodyTellsOfLeaves: another server took it over.
func TestARunWhoseEndNobodyTellsOfLeaves(t *testing.T) {
	w, clock, begin := waitingRuns(t)
	first := begin()
	w.want("the first", first, 202, "")
	id := first.header.Get("X-Flowdeck-Run")
	w.end(id)
	ep, err := w.s.endpoint(t.Context(), "waits")
	must(t, err)
	for w.s.crowd.inside.Load() > 0 { // it is told a moment after the end is kept
		time.Sleep(time.Millisecond)
	}
	in, err := w.s.enter(t.Context(), ep, flows.Run{ID: id, Trigger: endpointCard})
	if !in || err != nil {
		t.Fatalf("it may not enter: %v", err)
	}
	w.want("the second", begin(), 429, "too_many_runs")
	clock.by = 63 * time.Second
	w.want("the second, when the first should have ended", begin(), 202, "")
}

// TestRunsThatBeganWithoutALimitCount: the setting was taken away, and is there again.
func TestRunsThatBeganWithoutALimitCount(t *testing.T) {
	w, _, begin := waitingRuns(t)
	limit := func(most int) {
		f, err := w.s.Store.FlowByAlias(t.Context(), "waits")
		must(t, err)
		w.set(f.FlowID, func(set *flows.Settings) { set.Concurrency = most })
	}
	first := begin()
	w.want("the first", first, 202, "")
	limit(0)
	second := begin()
	w.want("the second, without a limit", second, 202, "")
	w.end(first.header.Get("X-Flowdeck-Run"))
	limit(1)
	w.want("the third, beside the second", begin(), 429, "too_many_runs")
	w.end(second.header.Get("X-Flowdeck-Run"))
	w.want("the third, when the second has ended", begin(), 202, "")
}
