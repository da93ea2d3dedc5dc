package enginetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// asks waits for an answer, for two days at most, after posting the link to the world.
func (b *bench) asks(id string) flows.Step {
	return flows.Step{ID: id, Card: "control.wait_callback", Inputs: schema.Values{"kind": "request", "amount": int64(2), "unit": "days"},
		Blocks: map[string]flows.Block{"send": {Chain: []flows.Step{
			{ID: id + "_mail", Card: "http.put", Inputs: schema.Values{"url": b.world.URL + "/ok/mail", "body": `{"link":"{{` + id + `.url}}"}`}}}}}}
}

// answer answers a step of a run as the server does.
func (b *bench) answer(id string, p flows.Path, says string) error {
	b.Helper()
	_, hash := link(id, p)
	c, err := b.store.Callback(b.ctx, hash)
	if err != nil {
		b.Fatalf("Callback: %v", err)
	}
	err = b.store.Answer(b.ctx, c, flows.Signal{Path: p, Kind: flows.Answered, At: b.setup.Now(), Body: schema.Values{"outcome": "answered", "body": says}})
	if err == nil {
		b.engine.Signal(id, p)
	}
	return err
}

func testCallbacks(t *testing.T, b Backend) {
	gives := returns("out", schema.Values{"said": "{{ask.body}}", "outcome": "{{ask.outcome}}"})
	t.Run("an answer goes on, once", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(x.asks("ask"), gives)
		x.parked(id)
		x.wantStory(id, "ask/ask_mail#1 succeeded", "ask#1 waiting")
		if err := x.answer(id, "ask", "yes"); err != nil {
			t.Fatalf("Answer: %v", err)
		}
		if run := x.ended(id); run.Status != flows.Succeeded || run.Output["said"] != "yes" {
			t.Errorf("run ended %s, %v with %v; want yes", run.Status, run.Error, run.Output)
		}
		if err := x.answer(id, "ask", "no"); !errors.Is(err, flows.ErrConflict) {
			t.Errorf("a second answer = %v, want ErrConflict", err)
		}
	})
	t.Run("an answer before it waits is not lost", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		step := x.asks("ask")
		step.Blocks["send"].Chain[0].Inputs["url"] = x.world.URL + "/hang/mail"
		id := x.start(step, gives)
		x.wait(x.world.Arrived("PUT /hang/mail"), "the mail")
		if err := x.answer(id, "ask", "early"); err != nil {
			t.Fatalf("Answer: %v", err)
		}
		x.world.Release("PUT /hang/mail")
		if run := x.ended(id); run.Status != flows.Succeeded || run.Output["said"] != "early" || run.Epoch != 1 {
			t.Errorf("run ended %s, %v with %v after %d claims; want early after one", run.Status, run.Error, run.Output, run.Epoch)
		}
	})
	t.Run("an answer while the server is down is found", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(x.asks("ask"), gives)
		x.parked(id)
		engine := x.engine
		x.stop()
		x.engine = engine // which drives nothing any more
		if err := x.answer(id, "ask", "meanwhile"); err != nil {
			t.Fatalf("Answer: %v", err)
		}
		x.begin()
		if run := x.ended(id); run.Status != flows.Succeeded || run.Output["said"] != "meanwhile" {
			t.Errorf("run ended %s, %v with %v", run.Status, run.Error, run.Output)
		}
	})
	t.Run("nobody answers", func(t *testing.T) {
		for _, c := range []struct {
			then string
			want flows.Status
		}{{"fail", flows.Failed}, {"continue", flows.Succeeded}} {
			x := newBench(t, b)
			x.begin()
			step := x.asks("ask")
			step.Inputs["on_timeout"] = c.then
			id := x.start(step, gives)
			x.parked(id)
			x.stop()
			x.later(49 * time.Hour)
			x.begin()
			run := x.ended(id)
			if run.Status != c.want || c.want == flows.Failed && run.Error.Code != cards.CodeTimeout || c.want == flows.Succeeded && run.Output["outcome"] != "timeout" {
				t.Errorf("%s: run ended %s, %v with %v", c.then, run.Status, run.Error, run.Output)
			}
			if err := x.answer(id, "ask", "late"); !errors.Is(err, flows.ErrConflict) {
				t.Errorf("a late answer = %v, want ErrConflict", err)
			}
		}
	})
	t.Run("a cancelled run takes no answer", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(x.asks("ask"), gives)
		x.parked(id)
		x.cancelled(id)
		if err := x.answer(id, "ask", "late"); !errors.Is(err, flows.ErrConflict) {
			t.Errorf("an answer = %v, want ErrConflict", err)
		}
		x.wantStory(id, "ask/ask_mail#1 succeeded", "ask#1 cancelled cancelled")
	})
	t.Run("kills", func(t *testing.T) {
		for n := 0; ; n++ {
			if n > 30 || t.Failed() {
				t.Fatalf("it does not end right when killed after %d commits", n)
			}
			if answeredAndKilled(t, b, n) {
				break
			}
		}
	})
}

// answeredAndKilled kills a run that waits for an answer after n commits, has another
// engine take it up and answers it.
func answeredAndKilled(t *testing.T, b Backend, n int) (survived bool) {
	t.Run(fmt.Sprintf("after %d commits", n), func(t *testing.T) {
		x := newBench(t, b)
		journal := &mortal{Journal: x.store, died: make(chan struct{}), left: n}
		x.setup.Journal = journal
		x.begin()
		run := x.run(x.asks("ask"), post("after", x.world.URL+"/ok/after"), returns("out", schema.Values{"said": "{{ask.body}}"}))
		if x.engine.Start(x.ctx, run, flows.StartOptions{}) != nil {
			return
		}
		x.parkedOrDead(run.ID, journal.died)
		survived = !isClosed(journal.died)
		x.stop()
		x.setup.Journal = x.store
		x.begin()
		x.parked(run.ID)
		if err := x.answer(run.ID, "ask", "yes"); err != nil {
			t.Fatalf("Answer: %v", err)
		}
		if run := x.ended(run.ID); run.Status != flows.Succeeded || run.Output["said"] != "yes" {
			t.Errorf("run ended %s, %v with %v\n%s", run.Status, run.Error, run.Output, x.story(run.ID))
		}
		if n := x.world.Asked("POST /ok/after"); n != 1 {
			t.Errorf("the card after it ran %d times, want once", n)
		}
	})
	return survived
}

// parkedOrDead returns when the run waits or its process has died.
func (b *bench) parkedOrDead(id string, died <-chan struct{}) {
	b.Helper()
	for changes := b.engine.Watch(b.ctx, id); ; {
		select {
		case <-died:
			return
		case <-changes:
		}
		if run, err := b.store.Run(b.ctx, id); err != nil || run.Status == flows.Waiting || b.ctx.Err() != nil {
			return
		}
	}
}
