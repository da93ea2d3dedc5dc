package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// measureFinding asks for runs as pages do, each thing a few times.
func measureFinding(ctx context.Context, dir string) error {
	s, err := store.Open(ctx, filepath.Join(dir, "flowdeck.db"), store.Options{Blobs: filepath.Join(dir, "blobs")})
	if err != nil {
		return err
	}
	defer s.Close()
	busy, rare, now := seedFlow(1), seedFlow(150), time.Now()
	runs := func(f store.RunFilter) func() error {
		return func() error { _, _, err := s.Runs(ctx, f); return err }
	}
	fmt.Println("first      median     longest")
	for _, x := range []struct {
		name string
		ask  func() error
	}{
		{"newest", runs(store.RunFilter{})},
		{"of a busy flow", runs(store.RunFilter{FlowID: busy})},
		{"of a flow with few", runs(store.RunFilter{FlowID: rare})},
		{"failed", runs(store.RunFilter{Status: flows.Failed})},
		{"cancelled", runs(store.RunFilter{Status: flows.Cancelled})},
		{"succeeded", runs(store.RunFilter{Status: flows.Succeeded})},
		{"under way", runs(store.RunFilter{Status: store.UnderWay})},
		{"waiting", runs(store.RunFilter{Status: flows.Waiting})},
		{"failed, of a flow with few", runs(store.RunFilter{Status: flows.Failed, FlowID: rare})},
		{"succeeded, of a flow with few", runs(store.RunFilter{Status: flows.Succeeded, FlowID: rare})},
		{"waiting, of a busy flow", runs(store.RunFilter{Status: flows.Waiting, FlowID: busy})},
		{"of a week ago", runs(store.RunFilter{From: now.Add(-8 * 24 * time.Hour), To: now.Add(-7 * 24 * time.Hour)})},
		{"failed, of a week ago, of a busy flow", runs(store.RunFilter{From: now.Add(-8 * 24 * time.Hour), To: now.Add(-7 * 24 * time.Hour), FlowID: busy, Status: flows.Failed})},
		{"text that is there", runs(store.RunFilter{Query: "example.com"})},
		{"text that is nowhere", runs(store.RunFilter{Query: "not to be found"})},
		{"text that is nowhere, of a flow with few", runs(store.RunFilter{Query: "not to be found", FlowID: rare})},
		{"text that is nowhere, failed", runs(store.RunFilter{Query: "not to be found", Status: flows.Failed})},
		{"the beginning of an id", runs(store.RunFilter{Query: "r_01a"})},
		{"counts of all", func() error { _, err := s.RunCounts(ctx, ""); return err }},
		{"counts of a busy flow", func() error { _, err := s.RunCounts(ctx, busy); return err }},
		{"the list of flows", func() error { _, _, err := s.Flows(ctx, store.FlowFilter{}); return err }},
		{"the list of failing flows", func() error { _, _, err := s.Flows(ctx, store.FlowFilter{State: "failing"}); return err }},
		{"counts of flows", func() error { _, err := s.FlowCounts(ctx); return err }},
	} {
		var took []time.Duration
		for range 7 {
			began := time.Now()
			if err := x.ask(); err != nil {
				return fmt.Errorf("%s: %w", x.name, err)
			}
			took = append(took, time.Since(began))
		}
		first := took[0]
		slices.Sort(took)
		fmt.Printf("%-10s %-10s %-10s %s\n", short(first), short(took[len(took)/2]), short(took[len(took)-1]), x.name)
	}
	return nil
}
