package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

func testUnderWay(t *testing.T, open Opener) {
	s := open(t, store.Options{Now: (&clock{start}).Now})
	create := func(id string, change func(*flows.Run)) {
		t.Helper()
		run := flows.Run{ID: id, FlowID: "f_1", Version: 1, Document: "d", Trigger: "event.endpoint", Created: start, Deadline: start.Add(time.Hour)}
		change(&run)
		must(t, s.Create(ctx, run))
	}
	create("r_1", func(*flows.Run) {})
	create("r_2", func(*flows.Run) {})
	create("r_over", func(r *flows.Run) { r.Status, r.Epoch = flows.Running, 1 })
	must(t, s.Finish(ctx, "r_over", 1, nil, flows.Outcome{Status: flows.Succeeded}))
	create("r_draft", func(r *flows.Run) { r.Version = 0 })
	create("r_other", func(r *flows.Run) { r.FlowID = "f_2" })
	create("r_webhook", func(r *flows.Run) { r.Trigger = "event.webhook" })
	create("r_again", func(r *flows.Run) { r.RerunOf = "r_over" })

	list, err := s.UnderWay(ctx, "f_1", "event.endpoint", 10)
	must(t, err)
	slices.Sort(list)
	want(t, "runs under way", list, []string{"r_1", "r_2"})
	list, err = s.UnderWay(ctx, "f_1", "event.endpoint", 1)
	must(t, err)
	want(t, "runs under way, one at most", len(list), 1)

	asked := []string{"r_over", "r_nowhere", "r_1"}
	for i := range 150 {
		asked = append(asked, fmt.Sprintf("r_none_%d", i))
	}
	list, err = s.StillUnderWay(ctx, "f_1", append(asked, "r_other", "r_2"))
	must(t, err)
	slices.Sort(list)
	want(t, "those that are still under way", list, []string{"r_1", "r_2"})
	list, err = s.StillUnderWay(ctx, "f_1", nil)
	must(t, err)
	want(t, "of none", len(list), 0)
}
