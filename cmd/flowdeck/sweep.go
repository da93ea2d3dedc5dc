package main

import (
	"context"
	"log/slog"
	"time"

	"flowdeck/flows/store"
)

// sweepEvery is how often old run data is given back.
const sweepEvery = 15 * time.Minute

// startSweeping sweeps until the returned function is called.
func (p *program) startSweeping() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); p.sweep(ctx) }()
	held := make(chan struct{})
	go func() { defer close(held); p.store.HoldBudget(ctx, p.heldBudget) }()
	return func() { cancel(); <-done; <-held }
}

// heldBudget says what was deleted so that the disk holds no more than it may.
func (p *program) heldBudget(gone store.Pruned, err error) {
	p.pruned.Add(int64(gone.Runs))
	switch {
	case err != nil:
		p.log.Log(context.Background(), store.Quiet(slog.LevelError, err), "keeping within the space for history failed", "err", err)
	case gone.Runs > 0:
		p.log.Info("deleted the oldest runs to keep within the space for history", "runs", gone.Runs, "bytes", gone.Bytes)
	default:
		if said, err := p.store.PrunedLast(context.Background()); err == nil && said.Full {
			p.log.Warn("everything together takes more space than it may, and there are no more runs to delete; raise the limit in Settings, or delete tables")
		}
	}
}

// sweep gives back what need not be kept any longer, until ctx ends.
func (p *program) sweep(ctx context.Context) {
	next := time.NewTimer(time.Minute) // not at once: the first minute belongs to the people who wait
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		start := time.Now()
		gone, err := p.store.Prune(ctx, start)
		p.pruned.Add(int64(gone.Runs))
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.log.Log(ctx, store.Quiet(slog.LevelError, err), "giving back old run data failed", "err", err)
		case gone.Runs > 0 || gone.Flows > 0 || gone.Blobs > 0:
			p.log.Info("gave back old run data", "runs", gone.Runs, "bytes", gone.Bytes, "took", time.Since(start).Round(time.Millisecond))
		}
		next.Reset(sweepEvery)
	}
}
