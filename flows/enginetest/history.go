package enginetest

import (
	"reflect"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

func testHistory(t *testing.T, b Backend) {
	t.Run("cards run in order and every attempt is kept", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(
			get("first", x.world.URL+"/ok/{{start.what}}"),
			compose("greeting", "hello {{first.body.path}}"),
			post("second", x.world.URL+"/ok/second"),
		)
		run := x.ended(id)
		if run.Status != flows.Succeeded || run.Error != nil {
			t.Fatalf("run ended %s, %v; want succeeded\n%s", run.Status, run.Error, x.story(id))
		}
		x.wantStory(id, "first#1 succeeded", "greeting#1 succeeded", "second#1 succeeded")
		list := x.attempts(id)
		for i, a := range list {
			if a.RunID != id || a.StepID != string(a.Path) || a.Card == "" {
				t.Errorf("attempt %s: run %q, step %q, card %q", a.Path, a.RunID, a.StepID, a.Card)
			}
			if a.Started.IsZero() || a.Finished.Before(a.Started) || i > 0 && a.Started.Before(list[i-1].Started) {
				t.Errorf("attempt %s began %s and ended %s, after %s", a.Path, a.Started, a.Finished, list[max(i-1, 0)].Started)
			}
		}
		if got, want := list[0].Input["url"], x.world.URL+"/ok/orders"; got != want {
			t.Errorf("input url of first = %v, want %v", got, want)
		}
		if got, want := list[0].Output["status_code"], any(int64(200)); got != want {
			t.Errorf("output status_code of first = %#v, want %#v", got, want)
		}
		if got, want := list[1].Output, (schema.Values{"text": "hello /ok/orders"}); !reflect.DeepEqual(got, want) {
			t.Errorf("output of greeting = %v, want %v", got, want)
		}
		if run.Started.IsZero() || run.Finished.Before(run.Started) || run.Started.Before(run.Created) {
			t.Errorf("run created %s, started %s, finished %s", run.Created, run.Started, run.Finished)
		}
	})
	t.Run("a request names its run and step, the same at every attempt", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(retried(post("charge", x.world.URL+"/fail/503/1"), 2, 0, "http_503"))
		if run := x.ended(id); run.Status != flows.Succeeded {
			t.Fatalf("run ended %s, %v", run.Status, run.Error)
		}
		keys := x.world.Keys("POST /fail/503/1")
		if len(keys) != 2 || keys[0] != id+"/charge" || keys[1] != keys[0] {
			t.Errorf("Idempotency-Key of both attempts = %q, want %q twice", keys, id+"/charge")
		}
	})
	t.Run("a flow can read its own run", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(returns("out", schema.Values{"run": "{{run.id}}", "what": "{{start.what}}"}))
		run := x.ended(id)
		if want := (schema.Values{"run": id, "what": "orders"}); !reflect.DeepEqual(run.Output, want) {
			t.Errorf("output = %v, want %v (%v)", run.Output, want, run.Error)
		}
	})
	t.Run("what Return gives is the run's output and nothing runs after it", func(t *testing.T) {
		x := newBench(t, b)
		x.begin()
		id := x.start(compose("a", "1"), returns("out", schema.Values{"text": "{{a.text}}"}), get("never", x.world.URL+"/ok/never"))
		run := x.ended(id)
		if want := (schema.Values{"text": "1"}); run.Status != flows.Succeeded || !reflect.DeepEqual(run.Output, want) {
			t.Errorf("run ended %s with %v, want succeeded with %v", run.Status, run.Output, want)
		}
		if n := x.world.Total(); n != 0 {
			t.Errorf("%d requests were made after Return, want none", n)
		}
	})
}
