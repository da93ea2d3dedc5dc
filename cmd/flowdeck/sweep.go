package main

import (
	"context"
	"time"
)

// sweepEvery is how often old run data is given back.
const sweepEvery = 15 * time.Minute

// startSweeping sweeps until the returned function is called.
func (p *program) startSweeping() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); p.sweep(ctx) }()
	return func() { cancel(); <-done }
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
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.log.Error("giving back old run data failed", "err", err)
		case gone.Runs > 0 || gone.Flows > 0 || gone.Blobs > 0:
			p.log.Info("gave back old run data", "runs", gone.Runs, "bytes", gone.Bytes, "took", time.Since(start).Round(time.Millisecond))
		}
		next.Reset(sweepEvery)
	}
}
