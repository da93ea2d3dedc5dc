package main

import (
	"context"
	"time"

	"flowdeck/flows/local"
)

// startSchedules begins the flows that are due until the returned function is called.
func (p *program) startSchedules() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	ticker := local.Ticker{Store: p.store, Engine: p.engine, Now: time.Now, Log: p.log}
	go func() { defer close(done); ticker.Serve(ctx) }()
	return func() { cancel(); <-done }
}
