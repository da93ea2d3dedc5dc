package tally

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/meter"
)

var at = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func attempt(step, card string, status flows.Status, took time.Duration) *flows.Attempt {
	return &flows.Attempt{StepID: step, Card: card, Status: status, Started: at, Finished: at.Add(took)}
}

func page(t *Tallies) string {
	p := &meter.Page{}
	t.Write(p)
	return p.String()
}

func lacks(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("it lacks %q:\n%s", w, got)
		}
	}
}

func TestRunsAndCardsAreCounted(t *testing.T) {
	all := &Tallies{}
	run := &flows.Run{FlowID: "f_1", FlowAlias: "orders", Created: at}
	w := all.Run(run)
	w.Attempt(run, attempt("get", "http.get", flows.Failed, 20*time.Millisecond))
	w.Attempt(run, attempt("get", "http.get", flows.Succeeded, 30*time.Millisecond))
	w.Attempt(run, attempt("off", "http.get", flows.Skipped, 0))
	given := attempt("given", "http.get", flows.Succeeded, 0)
	given.Given = "you"
	w.Attempt(run, given)
	w.Over(run, &flows.Outcome{Status: flows.Failed, At: at.Add(time.Second)})
	all.Run(run).Over(run, &flows.Outcome{Status: flows.Cancelled, At: at.Add(time.Second)})
	lacks(t, page(all),
		`flowdeck_runs_total{flow="orders",outcome="succeeded"} 0`, `flowdeck_runs_total{flow="orders",outcome="failed"} 1`,
		`flowdeck_runs_total{flow="orders",outcome="cancelled"} 1`, `flowdeck_card_attempts_total{card="http.get",outcome="succeeded"} 1`,
		`flowdeck_card_attempts_total{card="http.get",outcome="failed"} 1`, `flowdeck_card_duration_seconds_sum{card="http.get"} 0.05`,
		"flowdeck_run_duration_seconds_count 2\n")
}

func TestAStepThatGetsAnotherCardIsCountedThere(t *testing.T) {
	all := &Tallies{}
	run := &flows.Run{FlowID: "f_1", Created: at}
	for _, card := range []string{"http.get", "http.post", "http.get"} {
		all.Run(run).Attempt(run, attempt("a", card, flows.Succeeded, time.Millisecond))
	}
	lacks(t, page(all), `{card="http.get",outcome="succeeded"} 2`, `{card="http.post",outcome="succeeded"} 1`)
}

func TestFlowsBeyondTheBoundAreCountedTogether(t *testing.T) {
	all := &Tallies{}
	for i := range mostFlows + 7 {
		run := &flows.Run{FlowID: fmt.Sprint("f_", i), Created: at}
		all.Run(run).Attempt(run, attempt("a", "http.get", flows.Succeeded, time.Millisecond))
		all.Run(run).Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	}
	got := page(all)
	lacks(t, got, `flowdeck_runs_total{flow="(others)",outcome="succeeded"} 7`, fmt.Sprintf(`{card="http.get",outcome="succeeded"} %d`, mostFlows+7))
	if n := strings.Count(got, "outcome=\"cancelled\""); n != mostFlows+1 {
		t.Errorf("%d flows have labels of their own, want %d and the others", n, mostFlows)
	}
}

// The race detector has to find nothing when runs of flows beyond the bound begin and end.
func TestFlowsBeyondTheBoundAreCountedSideBySide(t *testing.T) {
	all := &Tallies{}
	for i := range mostFlows {
		all.Run(&flows.Run{FlowID: fmt.Sprint("f_", i), Created: at})
	}
	var done sync.WaitGroup
	for n := range 4 {
		done.Go(func() {
			for i := range 100 {
				run := &flows.Run{FlowID: fmt.Sprint("f_beyond_", n, "_", i), Created: at}
				all.Run(run).Attempt(run, attempt("a", "http.get", flows.Succeeded, time.Millisecond))
			}
		})
	}
	done.Wait()
	lacks(t, page(all), `{card="http.get",outcome="succeeded"} 400`)
}

func BenchmarkAttempt(b *testing.B) {
	all := &Tallies{}
	run := &flows.Run{FlowID: "f_1", Created: at}
	a := attempt("get_customer", "http.get", flows.Succeeded, time.Millisecond)
	o := &flows.Outcome{Status: flows.Succeeded, At: at}
	b.Run("attempt", func(b *testing.B) {
		w := all.Run(run)
		for b.Loop() {
			w.Attempt(run, a)
		}
	})
	b.Run("run", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			all.Run(run).Over(run, o)
		}
	})
}

// Flows that had the same alias one after the other are one line: Prometheus takes no two
// of the same name.
func TestFlowsOfOneAliasAreOneLine(t *testing.T) {
	all := &Tallies{}
	for _, id := range []string{"f_1", "f_2"} {
		run := &flows.Run{FlowID: id, FlowAlias: "orders", Created: at}
		all.Run(run).Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	}
	got := page(all)
	lacks(t, got, `flowdeck_runs_total{flow="orders",outcome="succeeded"} 2`, "flowdeck_run_duration_seconds_count 2\n")
	if n := strings.Count(got, `flowdeck_runs_total{flow="orders",outcome="succeeded"}`); n != 1 {
		t.Errorf("%d lines of one name:\n%s", n, got)
	}
}

// A count that goes down is a restart to Prometheus, which then adds all of it once more.
func TestCountsDoNotGoDown(t *testing.T) {
	all := &Tallies{}
	run := &flows.Run{FlowID: "f_1", FlowAlias: "orders", Created: at}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for range 200_000 {
			all.Run(run).Over(run, &flows.Outcome{Status: flows.Failed, At: at})
		}
	}()
	line := regexp.MustCompile(`flowdeck_runs_total\{flow="orders",outcome="succeeded"\} (\S+)`)
	for ended := false; !ended; {
		select {
		case <-over:
			ended = true
		default:
		}
		if found := line.FindStringSubmatch(page(all)); found != nil && found[1] != "0" {
			t.Fatalf("of runs that all failed, %s succeeded", found[1])
		}
	}
}
