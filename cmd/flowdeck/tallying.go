package main

import (
	"context"
	"log/slog"
	"time"

	"flowdeck/flows/store"
	"flowdeck/flows/tally"
	"flowdeck/meter"
)

// startTallying keeps what is counted for the dashboard until the returned function is called.
func (p *program) startTallying() (stop func()) {
	keeper := &tally.Keeper{Tallies: p.tallies, Store: p.store, Now: time.Now, Connections: p.sentThrough,
		Failed: func(err error) {
			p.log.Log(context.Background(), store.Quiet(slog.LevelWarn, err), "keep counts for the dashboard", "err", err)
		}}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); keeper.Run(ctx) }()
	return func() { cancel(); <-done }
}

// sentThrough is what went out through each connection, by its id.
func (p *program) sentThrough() map[string]meter.Count {
	by, _ := p.clients.Traffic()
	counts := make(map[string]meter.Count, len(by))
	for id, t := range by {
		counts[id] = t.Read()
	}
	return counts
}
