package connectors

import (
	"context"
	"fmt"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// Rehearsal is what a renewal before its time found.
type Rehearsal struct {
	OK      bool
	Message string       // how it went, in words; the service's own when it refused
	Rotated bool         // the service gave a new refresh token
	Ends    time.Time    // of the access token in use afterwards; zero when the service did not say
	Trace   *trace.Trace // what went over the wire, masked
}

// Rehearse renews the token of a connection now, as it will be renewed when it ends.
// It is a real renewal: what the service gives is committed and used. When it fails, the
// token that still works is kept. The error is schema.Problems when there is nothing to renew.
func (c *Clients) Rehearse(ctx context.Context, id string) (Rehearsal, error) {
	row, err := c.storage.Connection(ctx, id)
	if err != nil {
		return Rehearsal{}, err
	}
	kind, _, secrets, err := c.unseal(row)
	if err != nil {
		return Rehearsal{Message: plainError(err), Trace: &trace.Trace{}}, nil
	}
	held := secrets.Token
	switch {
	case !kind.Refreshes():
		return Rehearsal{}, schema.Problems{{Field: "type", Message: "gets no tokens, so that there is nothing to renew"}}
	case kind.Interactive() && held.Refresh == "":
		return Rehearsal{}, schema.Problems{{Field: "type", Message: "has no refresh token, so that a person has to sign in again when its token ends"}}
	}
	s, err := c.session(ctx, id)
	if err != nil {
		return Rehearsal{Message: plainError(err), Trace: &trace.Trace{}}, nil
	}
	r := Rehearsal{Trace: &trace.Trace{}}
	start := time.Now()
	got, err := s.renewal(trace.With(ctx, r.Trace), func(t Token) bool { return !t.same(held) })
	if err != nil {
		if ctx.Err() != nil {
			return Rehearsal{}, ctx.Err()
		}
		r.Message, r.Ends = s.masks.Load().text(plainError(err)), held.Expires
		return r, nil
	}
	r.OK, r.Ends, r.Rotated = true, got.Expires, got.Refresh != held.Refresh
	r.Message = fmt.Sprintf("renewed in %d ms", time.Since(start).Milliseconds())
	return r, nil
}
