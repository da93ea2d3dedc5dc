package enginetest

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// waiting is a flow that waits, and how it is brought to its end.
type waiting struct {
	name  string
	chain func(*bench) []flows.Step
	// Answers are the steps that somebody answers, whenever they ask.
	answers []flows.Path
	output  schema.Values
	once    map[string]string // requests that are made once, and the step that makes them
}

// waitingFlows are those whose runs are killed at every commit while they wait, go on
// and wait again.
func waitingFlows() []waiting {
	return []waiting{{
		name: "waits in a row",
		chain: func(x *bench) []flows.Step {
			return []flows.Step{post("before", x.world.URL+"/ok/before"), pause("one", 1, "days"), post("between", x.world.URL+"/ok/between"),
				pause("two", 1, "days"), post("after", x.world.URL+"/ok/after"), returns("end", schema.Values{"path": "{{ after.body.path }}"})}
		},
		output: schema.Values{"path": "/ok/after"},
		once:   map[string]string{"POST /ok/before": "before", "POST /ok/between": "between", "POST /ok/after": "after"},
	}, {
		name: "lanes that wait for an answer, a flow and a time",
		chain: func(x *bench) []flows.Step {
			says := post("says", x.world.URL+"/ok/says")
			says.Policy.InDoubt = "repeat"
			x.helper("sleeps", says, pause("nap", 2, "hours"), returns("out", schema.Values{"said": "{{ start.what }}"}))
			lanes := []any{map[string]any{"key": "one"}, map[string]any{"key": "two"}, map[string]any{"key": "three"}}
			blocks := map[string]flows.Block{
				"one":   {Chain: []flows.Step{x.asks("ask"), post("a", x.world.URL+"/ok/a")}, Result: schema.Values{"said": "{{ ask.body }}"}},
				"two":   {Chain: []flows.Step{call("call", "sleeps", schema.Values{"what": "b"}), post("b", x.world.URL+"/ok/{{ call.said }}")}},
				"three": {Chain: []flows.Step{pause("wait", 1, "hours"), get("c", x.world.URL+"/ok/c")}}}
			return []flows.Step{{ID: "lanes", Card: "control.parallel", Inputs: schema.Values{"lanes": lanes}, Blocks: blocks},
				returns("end", schema.Values{"said": "{{ lanes.said }}"})}
		},
		answers: []flows.Path{"lanes/ask"},
		output:  schema.Values{"said": "yes"},
		once:    map[string]string{"POST /ok/a": "a", "POST /ok/b": "b", "POST /ok/says": "says"},
	}, {
		name: "rounds that wait",
		chain: func(x *bench) []flows.Step {
			return []flows.Step{forEach("loop", 1, pause("wait", 1, "hours"), post("after", x.world.URL+"/ok/{{ loop.item }}")),
				forEach("many", 2, pause("nap", 1, "hours"), post("then", x.world.URL+"/ok/two_{{ many.item }}")),
				returns("end", schema.Values{"rounds": "{{ many.count }}"})}
		},
		output: schema.Values{"rounds": int64(2)},
		once:   map[string]string{"POST /ok/a": "after", "POST /ok/b": "after", "POST /ok/two_a": "then", "POST /ok/two_b": "then"},
	}, {
		name: "lanes of policies that wait",
		chain: func(x *bench) []flows.Step {
			own := get("own", x.world.URL+"/fail/503/99")
			own.Policy.OnError = flows.OnCatch
			own.Blocks = map[string]flows.Block{flows.BlockOnError: {Result: schema.Values{"body": "{{ tell.body }}"}, Chain: []flows.Step{
				post("mourn", x.world.URL+"/ok/mourn"), pause("calm", 1, "hours"), x.asks("tell"), post("move_on", x.world.URL+"/ok/move_on")}}}
			try := flows.Step{ID: "t", Card: "control.try", Inputs: schema.Values{"catches": []any{map[string]any{"key": "catch", "match": "http_4xx"}}}, Blocks: map[string]flows.Block{
				"try":     {Chain: []flows.Step{pause("first", 1, "hours"), get("lost", x.world.URL+"/fail/404/99")}},
				"catch":   {Chain: []flows.Step{pause("second", 1, "hours"), post("caught", x.world.URL+"/ok/caught")}, Result: schema.Values{"why": "{{ t.error.code }}"}},
				"finally": {Chain: []flows.Step{pause("third", 1, "hours"), post("last", x.world.URL+"/ok/last")}}}}
			late := retried(get("late", x.world.URL+"/fail/503/1"), 3, time.Hour, "any")
			return []flows.Step{own, try, late, returns("end", schema.Values{"said": "{{ own.body }}", "why": "{{ t.why }}"})}
		},
		answers: []flows.Path{"own/tell"},
		output:  schema.Values{"said": "yes", "why": "http_404"},
		once:    map[string]string{"POST /ok/mourn": "mourn", "POST /ok/move_on": "move_on", "POST /ok/caught": "caught", "POST /ok/last": "last"},
	}, {
		name: "lanes that wait beside one that fails",
		chain: func(x *bench) []flows.Step {
			x.helper("sleeps", pause("nap", 2, "hours"), returns("out", schema.Values{"said": "{{ start.what }}"}))
			fails := func(id string) []flows.Step { return []flows.Step{get(id, x.world.URL+"/fail/404/99")} }
			never := func(id string) flows.Step { return post(id, x.world.URL+"/ok/never") }
			inner := caught("try", []flows.Step{lanes("inner", []flows.Step{pause("wait", 1, "hours"), never("never")}, fails("fails"))},
				[]flows.Step{post("tell", x.world.URL+"/ok/tell"), pause("calm", 1, "hours"), post("on", x.world.URL+"/ok/on")})
			other := caught("other", []flows.Step{lanes("called", []flows.Step{call("dropped", "sleeps", schema.Values{"what": "b"}), never("neither")}, fails("fails_too"))},
				[]flows.Step{post("last", x.world.URL+"/ok/last")})
			after := post("after", x.world.URL+"/ok/after")
			outer := lanes("outer", []flows.Step{inner}, []flows.Step{pause("beside", 2, "hours"), after})
			outer.Blocks["two"] = flows.Block{Chain: outer.Blocks["two"].Chain, Result: schema.Values{"said": "{{ after.body.path }}"}}
			return []flows.Step{outer, other, returns("end", schema.Values{"said": "{{ outer.said }}"})}
		},
		output: schema.Values{"said": "/ok/after"},
		once:   map[string]string{"POST /ok/tell": "tell", "POST /ok/on": "on", "POST /ok/after": "after", "POST /ok/last": "last"},
	}}
}

// testWaitKills kills the process between any two commits of runs that wait, before,
// while and after they do.
func testWaitKills(t *testing.T, b Backend) {
	for _, w := range waitingFlows() {
		t.Run(w.name, func(t *testing.T) {
			for n := 0; ; n += b.stride() {
				if n > 80 || t.Failed() {
					t.Fatalf("the run does not end right when killed after %d commits", n)
				}
				if killedWaiting(t, b, w, n) {
					if n < 6 {
						t.Errorf("the run took only %d commits: nothing was killed", n)
					}
					return
				}
			}
		})
	}
}

// killedWaiting brings a run to its end over a journal that dies after n commits, and
// then over one that does not. It reports whether the run was over by then.
func killedWaiting(t *testing.T, b Backend, w waiting, n int) (survived bool) {
	t.Run(fmt.Sprintf("after %d commits", n), func(t *testing.T) {
		x := newBench(t, b)
		journal := &mortal{Journal: x.store, deaf: n%2 == 1, died: make(chan struct{}), left: n}
		chain := w.chain(x)
		repeatInDoubt(chain)
		run := x.run(chain...)
		x.setup.Journal = journal
		x.begin()
		accepted := x.engine.Start(x.ctx, run, flows.StartOptions{RunTimeout: 1000 * time.Hour}) == nil // the clock leaps
		p := &passing{bench: x, waiting: w, id: run.ID}
		if accepted {
			p.pass(journal.died)
		}
		survived = accepted && !isClosed(journal.died)
		x.stop()
		before := x.succeeded(run.ID)
		doubt := p.inDoubt()
		x.setup.Journal = x.store
		x.begin()
		if _, lost := x.store.Run(x.ctx, run.ID); errors.Is(lost, flows.ErrNotFound) {
			if accepted {
				t.Fatalf("the run was accepted and is lost")
			}
			return
		}
		p.pass(nil)
		end := x.ended(run.ID)
		if end.Status != flows.Succeeded || !reflect.DeepEqual(end.Output, w.output) {
			t.Fatalf("run ended %s, %v at %s with %v, want %v\n%s", end.Status, end.Error, end.ErrorPath, end.Output, w.output, x.story(run.ID))
		}
		for _, a := range x.attempts(run.ID) {
			if was, done := before[a.Path]; done && (a.Number > was.Number || a.Number == was.Number && !a.Started.Equal(was.Started)) {
				t.Errorf("%s had finished and ran again", a.Path)
			}
			if !a.Status.Done() || a.Finished.IsZero() {
				t.Errorf("the run is over but %s#%d is %s", a.Path, a.Number, a.Status)
			}
		}
		if n := x.world.Asked("POST /ok/never"); n != 0 {
			t.Errorf("what was cut off as it waited went on %d times", n)
		}
		for name, step := range w.once {
			// One that the kill left in doubt is sent once more, and no other.
			if got := x.world.Asked(name); got == 0 || got > 2 || got == 2 && !doubt[step] && !p.doubt[step] {
				t.Errorf("%s was asked %d times; in doubt were %v", name, got, doubt)
			}
		}
	})
	return survived
}

// passing lets time pass and answers what asks, until the run is over or its process dead.
type passing struct {
	*bench
	waiting
	id    string
	later time.Duration
	doubt map[string]bool // steps that were cut off by the stops on the way
}

func (p *passing) pass(died <-chan struct{}) {
	p.Helper()
	for range 60 {
		run, ok := p.settled(died)
		switch {
		case !ok || run.Status.Done():
			return
		case p.answered(run):
			continue
		}
		p.stop() // what was answered may have been under way
		if p.doubt == nil {
			p.doubt = map[string]bool{}
		}
		maps.Copy(p.doubt, p.inDoubt())
		p.later += 3 * time.Hour
		p.bench.later(p.later)
		p.engine = p.Engine(p.setup)
		if p.engine.Recover(p.ctx) != nil {
			return // it died while it read
		}
	}
	p.Errorf("run %s does not come to an end:\n%s", p.id, p.story(p.id))
}

// settled waits until the run and all that it waits for do nothing; ok is false when the
// process died.
func (p *passing) settled(died <-chan struct{}) (flows.Run, bool) {
	p.Helper()
	ticks := time.NewTicker(2 * time.Millisecond)
	defer ticks.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		select {
		case <-died:
			return flows.Run{}, false
		case <-ticks.C:
		}
		run, err := p.store.Run(p.ctx, p.id)
		if err != nil {
			p.Fatalf("Run(%s): %v", p.id, err)
		}
		if run.Status.Done() || run.Status == flows.Waiting && p.idle() {
			return run, true
		}
	}
	p.Fatalf("run %s neither waits nor ends in %s:\n%s\n%s", p.id, patience, p.story(p.id), p.logged)
	return flows.Run{}, false
}

// idle reports whether every run of a helper flow waits or is over, and none is due.
func (p *passing) idle() bool {
	for _, r := range p.children("sleeps") {
		if !r.Status.Done() && r.Status != flows.Waiting || r.Status == flows.Waiting && !r.WakeAt.IsZero() && r.WakeAt.Before(p.setup.Now()) {
			return false
		}
		if r.Status.Done() {
			if run, err := p.store.Run(p.ctx, p.id); err != nil || p.waitsFor(r, run) {
				return false
			}
		}
	}
	run, err := p.store.Run(p.ctx, p.id)
	return err == nil && run.Status == flows.Waiting && (run.WakeAt.IsZero() || run.WakeAt.After(p.setup.Now()))
}

// waitsFor reports whether a run has not been told yet that another one is over.
func (p *passing) waitsFor(child, run flows.Run) bool {
	for _, a := range p.attempts(run.ID) {
		if a.Path == child.Parent.Path && a.Status == flows.Waiting {
			return true
		}
	}
	return false
}

// answered answers what asks; false when nothing does.
func (p *passing) answered(run flows.Run) bool {
	for _, a := range p.attempts(run.ID) {
		for _, path := range p.answers {
			if a.Path == path && a.Status == flows.Waiting && p.answer(run.ID, path, "yes") == nil {
				return true
			}
		}
	}
	return false
}

// inDoubt are the steps whose card was announced and had no result, of the run and of
// those that it called.
func (p *passing) inDoubt() map[string]bool {
	doubt := map[string]bool{}
	for _, r := range append(p.children("sleeps"), flows.Run{ID: p.id}) {
		for _, a := range p.attempts(r.ID) {
			if a.Status == flows.Running {
				doubt[a.StepID] = true
			}
		}
	}
	return doubt
}

// succeeded are the attempts that the journal knows to have gone well, by path.
func (b *bench) succeeded(id string) map[flows.Path]flows.Attempt {
	list := map[flows.Path]flows.Attempt{}
	for _, a := range b.attempts(id) {
		if a.Status == flows.Succeeded {
			list[a.Path] = a
		}
	}
	return list
}
