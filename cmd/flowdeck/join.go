package main

import (
	"context"
	"encoding/base32"
	"errors"

	"flowdeck/flows/store"
)

// join makes this server one of those on its database, until leave is called.
func (p *program) join(ctx context.Context) (leave func(), err error) {
	return p.store.Join(ctx, store.Peer{Cancelled: p.engine.Cancelled, Arrived: p.engine.Signal,
		Took: func(ctx context.Context) error { return errors.Join(p.engine.Recover(ctx), p.web.ResumeRedos(ctx)) }})
}

// setupToken is the secret of the setup address that every server on one database prints; ""
// for a server that is alone.
func (p *program) setupToken() string {
	if p.settings.Database == "" {
		return ""
	}
	return base32.StdEncoding.EncodeToString(sum(p.key, "setup address")[:20])
}
