package main

import "context"

// startRenewing keeps idle sign-ins alive until the returned function is called.
func (p *program) startRenewing() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); p.clients.Keep(ctx) }()
	return func() { cancel(); <-done }
}
