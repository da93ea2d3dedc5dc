package runner

import (
	"testing"
	"time"

	"flowdeck/flows"
)

// TestNothingSaysThatASparedRunIsKept: whoever gives up waiting would be told where to ask for it.
func TestNothingSaysThatASparedRunIsKept(t *testing.T) {
	x, at := New(Options{}), time.Unix(1_800_000_000, 0)
	x.samples.of("f_1").kept.Store(at.UnixNano())
	var said []Commit
	l := &ledger{x: x, unborn: &flows.Run{FlowID: "f_1", Sample: true, Created: at}, done: func(c Commit) { said = append(said, c) }}
	l.add(&flows.Attempt{Path: "say", Status: flows.Succeeded})
	l.answer(flows.Answer{Path: "reply", Response: flows.Response{Status: 200}})
	if err := l.finish(t.Context(), flows.Outcome{Status: flows.Succeeded, At: at}); err != nil {
		t.Fatal(err)
	}
	l.close()
	if len(said) != 1 || !said[0].Behind || said[0].Answer == nil {
		t.Errorf("the engine was told %+v, want the answer, of a run that is not in the journal", said)
	}
}

func TestTheFirstRunAfterOneThatFailedIsKept(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	var s samples
	spares := func(created int) bool {
		run := &flows.Run{FlowID: "f_1", Sample: true, Created: at.Add(time.Duration(created))}
		return s.spares(run, nil, flows.Outcome{Status: flows.Succeeded, At: at})
	}
	want := func(what string, created int, want bool) {
		t.Helper()
		if got := spares(created); got != want {
			t.Errorf("%s is spared: %v, want %v", what, got, want)
		}
	}
	want("the first", 1, false)
	want("the next", 2, true)
	s.unwell(&flows.Run{FlowID: "f_1", Created: at.Add(5)})
	s.unwell(&flows.Run{FlowID: "f_1", Created: at.Add(4)})
	want("one that was older than the failed ones", 3, true)
	want("one between them", 5, true)
	want("one that is newer than both", 6, false)
	want("the one after it", 7, true)
}
