package tally

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
	"flowdeck/meter"
)

// keeper is a Keeper over a real store, at a time that the test sets.
func keeper(t *testing.T, now *time.Time) *Keeper {
	t.Helper()
	s, err := store.Open(context.Background(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &Keeper{Tallies: &Tallies{}, Store: s, Now: func() time.Time { return *now }, Connections: func() map[string]meter.Count { return nil },
		Failed: func(err error) { t.Errorf("keep: %v", err) }}
}

// ran counts n runs that took d, the first of them failed.
func ran(all *Tallies, flow string, n int, d time.Duration) {
	run := &flows.Run{FlowID: flow, Created: at}
	for i := range n {
		status := flows.Succeeded
		if i == 0 {
			status = flows.Failed
		}
		all.Run(run).Attempt(run, attempt("get", "http.get", status, d))
		all.Run(run).Over(run, &flows.Outcome{Status: status, At: at.Add(d)})
	}
}

func points(t *testing.T, k *Keeper, span time.Duration) (text string) {
	t.Helper()
	list, err := k.Store.TalliesOverTime(context.Background(), span, store.TallyAll, "", at.Add(-48*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		text += fmt.Sprintf("%s %d/%d ", p.Slot.Format("15:04"), p.Count.Failed, p.Count.All())
	}
	return text
}

func TestCountsAreKeptByStretchesOfTime(t *testing.T) {
	ctx, now := context.Background(), at // 05:06:07
	k := keeper(t, &now)
	k.Keep(ctx, true)
	ran(k.Tallies, "f_1", 10, 100*time.Millisecond)
	now = now.Add(15 * time.Second)
	k.Keep(ctx, false)
	k.Keep(ctx, false) // and nothing twice
	ran(k.Tallies, "f_2", 5, time.Second)
	now = now.Add(15 * time.Second)
	k.Keep(ctx, true)
	if got := points(t, k, time.Minute); got != "05:06 2/15 " {
		t.Errorf("minutes: %s", got)
	}
	ran(k.Tallies, "f_1", 1, time.Second) // still in the minute that was current at the last look
	now = now.Add(time.Minute)
	k.Keep(ctx, false)
	ran(k.Tallies, "f_1", 2, time.Second)
	now = now.Add(10 * time.Minute) // 05:17, another quarter
	k.Keep(ctx, false)
	ran(k.Tallies, "f_1", 4, time.Second)
	now = now.Add(time.Second)
	k.Keep(ctx, true)
	if got, want := points(t, k, time.Minute), "05:06 3/16 05:07 1/2 05:17 1/4 "; got != want {
		t.Errorf("minutes: %s, want %s", got, want)
	}
	if got, want := points(t, k, 15*time.Minute), "05:00 4/18 05:15 1/4 "; got != want {
		t.Errorf("quarters: %s, want %s", got, want)
	}
	if got, want := points(t, k, 24*time.Hour), "00:00 5/22 "; got != want {
		t.Errorf("days: %s, want %s", got, want)
	}
	sums, err := k.Store.TalliesBySubject(ctx, 15*time.Minute, store.TallySteps, "f_2/", at.Add(-time.Hour))
	if err != nil || len(sums) != 1 || sums[0].Subject != "f_2/get" || sums[0].Count.All() != 5 || sums[0].Count.Failed != 1 {
		t.Errorf("the steps of a flow: %+v, %v", sums, err)
	}
	if p := sums[0].Count.Quantile(.5); p < 800*time.Millisecond || p > 1200*time.Millisecond {
		t.Errorf("half of them took up to %s, want about 1s", p)
	}
}

// TestCountsOutliveAClockThatIsPutBack: a second before midnight comes twice.
func TestCountsOutliveAClockThatIsPutBack(t *testing.T) {
	ctx, midnight := context.Background(), at.Truncate(24*time.Hour)
	now := midnight.Add(-time.Minute)
	k := keeper(t, &now)
	k.Keep(ctx, true)
	for _, x := range []struct {
		from time.Duration // midnight
		runs int
	}{{-2 * time.Second, 10}, {time.Second, 2}, {-time.Second, 3}, {2 * time.Second, 4}, {3 * time.Second, 5}} {
		now = midnight.Add(x.from)
		ran(k.Tallies, "f_1", x.runs, time.Second)
		k.Keep(ctx, true)
	}
	for _, span := range store.TallySpans() {
		list, err := k.Store.TalliesOverTime(ctx, span.Length, store.TallyAll, "", midnight.Add(-48*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		n := int64(0)
		for _, p := range list {
			n += p.Count.All()
		}
		if n != 24 {
			t.Errorf("by the %s there are %d runs in %d stretches, want 24", span.Length, n, len(list))
		}
	}
}

// What could not be written while the disk was full is written afterwards, also of
// stretches that have ended meanwhile.
func TestCountsOutliveTrouble(t *testing.T) {
	now := at
	k := keeper(t, &now)
	k.Keep(context.Background(), true)
	failed := 0
	k.Failed = func(error) { failed++ }
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	ran(k.Tallies, "f_1", 3, time.Millisecond)
	for range 3 {
		k.Keep(gone, true)
		now = now.Add(time.Minute)
	}
	if failed == 0 {
		t.Fatal("nothing failed")
	}
	k.Keep(context.Background(), false)
	if got := points(t, k, time.Minute); got != at.Format("15:04")+" 1/3 " {
		t.Errorf("minutes: %q, want the one in which 3 ran", got)
	}
	k.Keep(context.Background(), true)
	if got := points(t, k, 24*time.Hour); got != "00:00 1/3 " {
		t.Errorf("days: %q, want all 3", got)
	}
}

// Another process, or the same one after a restart, adds to the same stretch.
func TestProcessesAddToTheSameStretch(t *testing.T) {
	ctx, now := context.Background(), at
	one := keeper(t, &now)
	other := *one
	other.Tallies = &Tallies{}
	for _, k := range []*Keeper{one, &other} {
		k.Keep(ctx, true)
		ran(k.Tallies, "f_1", 3, time.Millisecond)
		k.Keep(ctx, true)
	}
	if got := points(t, one, time.Minute); got != "05:06 2/6 " {
		t.Errorf("two processes count %s", got)
	}
}

// A step that gets another card is counted anew, from nothing.
func TestAStepThatGetsAnotherCardLosesNoCount(t *testing.T) {
	ctx, now := context.Background(), at
	k := keeper(t, &now)
	k.Keep(ctx, true)
	run := &flows.Run{FlowID: "f_1", Created: at}
	for _, card := range []string{"http.get", "http.post", "http.put"} {
		for range 3 {
			k.Tallies.Run(run).Attempt(run, attempt("a", card, flows.Succeeded, time.Millisecond))
		}
		k.Keep(ctx, true)
	}
	sums, err := k.Store.TalliesBySubject(ctx, time.Minute, store.TallySteps, "f_1/", at.Add(-time.Hour))
	if err != nil || len(sums) != 1 || sums[0].Count.All() != 9 {
		t.Errorf("the step is counted as %+v, %v; want 9", sums, err)
	}
}

func TestOldTalliesAreDropped(t *testing.T) {
	ctx, now := context.Background(), at
	k := keeper(t, &now)
	k.Keep(ctx, true)
	ran(k.Tallies, "f_1", 3, time.Millisecond)
	k.Keep(ctx, true)
	if err := k.Store.DropTallies(ctx, at.Add(4*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if minutes, quarters := points(t, k, time.Minute), points(t, k, 15*time.Minute); minutes != "" || quarters == "" {
		t.Errorf("after four hours there are minutes %q and quarters %q, want the latter alone", minutes, quarters)
	}
}

func TestOnlySoMuchHasRowsOfItsOwn(t *testing.T) {
	ctx, now := context.Background(), at
	k := keeper(t, &now)
	k.Keep(ctx, true)
	for i := range keptFlows + 20 {
		ran(k.Tallies, fmt.Sprint("f_", i), 1+i%2, time.Millisecond)
	}
	k.Keep(ctx, true)
	sums, err := k.Store.TalliesBySubject(ctx, time.Minute, store.TallyRuns, "", at.Add(-time.Hour))
	if err != nil || len(sums) != keptFlows {
		t.Errorf("%d flows have rows, %v; want %d", len(sums), err, keptFlows)
	}
	if got := points(t, k, time.Minute); got != "05:06 120/180 " {
		t.Errorf("all runs are %s", got)
	}
}

// What is counted of all flows stays when one of them is forgotten.
func TestAFlowThatIsForgottenStaysInTheSum(t *testing.T) {
	ctx, now := context.Background(), at
	k := keeper(t, &now)
	for i := range mostFlows/2 + 1 {
		ran(k.Tallies, fmt.Sprint("f_", i), 2, time.Millisecond)
	}
	k.Keep(ctx, false)
	for range idleRounds + 1 {
		now = now.Add(keepEvery)
		k.Keep(ctx, false)
	}
	n := 2 * (mostFlows/2 + 1)
	got := page(k.Tallies)
	lacks(t, got, fmt.Sprintf("flowdeck_run_duration_seconds_count %d\n", n))
	sum := 0
	for _, found := range regexp.MustCompile(`flowdeck_runs_total\{.*\} (\d+)\n`).FindAllStringSubmatch(got, -1) {
		n, _ := strconv.Atoi(found[1])
		sum += n
	}
	if sum != n {
		t.Errorf("the runs of all flows are %d, want %d", sum, n)
	}
	ran(k.Tallies, "f_0", 2, time.Millisecond)
	now = now.Add(keepEvery)
	k.Keep(ctx, true)
	if got, want := points(t, k, 24*time.Hour), fmt.Sprintf("00:00 %d/%d ", n/2+1, n+2); got != want {
		t.Errorf("days: %s, want %s", got, want)
	}
}

// TestAStepWithTwoCardsInTurnIsCountedWhole: while a draft with another card is tried, the one
// that is live goes on.
func TestAStepWithTwoCardsInTurnIsCountedWhole(t *testing.T) {
	ctx, now := context.Background(), at
	k := keeper(t, &now)
	run := &flows.Run{FlowID: "f_1", Created: at}
	for range 3 {
		for _, card := range []string{"http.get", "http.post"} {
			k.Tallies.Run(run).Attempt(run, attempt("a", card, flows.Failed, time.Millisecond))
		}
		k.Keep(ctx, true)
	}
	list, err := k.Store.TalliesBySubject(ctx, time.Minute, store.TallySteps, "f_1/", at.Add(-time.Hour))
	if err != nil || len(list) != 1 || list[0].Count.All() != 6 || list[0].Count.Failed != 6 {
		t.Errorf("6 attempts that failed are counted as %+v, %v", list, err)
	}
}
