package enginetest

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/flows"
)

// testSamples starts runs of a flow that keeps a sample of those that succeed.
func testSamples(t *testing.T, b Backend) {
	for _, express := range []bool{false, true} {
		name := "standard"
		if express {
			name = "express"
		}
		t.Run(name, func(t *testing.T) { testSample(t, b, express) })
	}
}

func testSample(t *testing.T, b Backend, express bool) {
	x := newBench(t, b)
	var still atomic.Int64 // the time while the clock goes by calls alone, in ns; 0 while it goes by itself
	x.setup.Now = func() time.Time {
		if at := still.Load(); at != 0 {
			return time.Unix(0, at)
		}
		return time.Now()
	}
	x.begin()
	call := func(steps ...flows.Step) (id string, said flows.Result) {
		t.Helper()
		if still.Load() != 0 {
			still.Add(int64(time.Millisecond))
		}
		run := x.run(steps...)
		run.FlowID, run.Express, run.Outline, run.Sample = "f_often", express, true, true
		wait, err := x.engine.Call(x.ctx, run, flows.StartOptions{Waited: true})
		if err == nil {
			said, err = wait(x.ctx, patience)
		}
		if err != nil {
			t.Fatalf("call: %v", err)
		}
		return run.ID, said
	}
	kept := func(what string, id string, want bool) {
		t.Helper()
		if want {
			if end := x.appears(id).ended(id); end.Outline != (end.Status == flows.Succeeded) {
				t.Errorf("%s: it %s, outline %v", what, end.Status, end.Outline)
			}
			return
		}
		if _, err := x.store.Run(x.ctx, id); !errors.Is(err, flows.ErrNotFound) {
			t.Errorf("%s: reading it gave %v, want that it is not there", what, err)
		}
	}
	off := compose("off", "1")
	off.Off = true
	read := []flows.Step{get("read", x.world.URL+"/ok/read"), choose("which", "orders", nil, []flows.Step{compose("other", "1")}), off, reply("answer", "{{read.body.path}}")}

	id, _ := call(pause("moment", 1, "seconds"))
	kept("one that waited", id, true)
	still.Store(time.Now().UnixNano())
	id, _ = call(read...)
	kept("the first", id, true)
	for range 3 {
		id, said := call(read...)
		if said.Response == nil || said.Response.Body != "/ok/read" {
			t.Errorf("the caller heard %+v, want /ok/read", said)
		}
		kept("one that comes soon after it", id, false)
	}
	still.Add(int64(2 * time.Second))
	id, _ = call(read...)
	kept("one that comes later", id, true)

	id, said := call(get("gone", x.world.URL+"/fail/404/9/gone"))
	if said.Outcome == nil || said.Outcome.Status != flows.Failed {
		t.Errorf("the caller heard %+v, want a failure", said)
	}
	kept("one that fails", id, true)
	id, _ = call(read...)
	kept("the first that succeeds after one that failed", id, true)
	id, _ = call(retried(get("again", x.world.URL+"/fail/503/1"), 2, 0, "http_503"))
	kept("one that succeeds at its second attempt", id, true)
	x.wantStory(id, "again#1 failed http_503", "again#2 succeeded")
	id, _ = call(read...)
	kept("one that comes soon after that", id, false)

	id, _ = call(post("write", x.world.URL+"/ok/write"))
	kept("one that writes", id, !express)
	if said := x.logged.String(); strings.Contains(said, "level=ERROR") {
		t.Errorf("logged: %s", said)
	}
}
