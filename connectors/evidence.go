package connectors

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// evidence is what a service's answers say of a credential. One refusal proves
// nothing: it may be about the call. So refusals are counted, and a success ends them.
type evidence struct {
	mu       sync.Mutex
	rejected int       // calls in a row that were turned down although the credential was fresh
	since    time.Time // the first of them
	told     time.Time // when the row last heard of it
	failing  bool      // the row says so, of a credential that may work

	token string        // a token that was turned down although it was new
	until time.Time     // no other one is asked for before
	wait  time.Duration // how long that was
}

func newEvidence(row Connection, t Token) *evidence {
	return &evidence{rejected: row.Life.Rejected, since: row.Life.RejectedSince, failing: row.mayWork(t)}
}

// with goes on with what was heard although the row was changed by something else.
func (e *evidence) with(row Connection, t Token) *evidence {
	e.doubt(row.mayWork(t))
	return e
}

func (e *evidence) doubt(failing bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failing = failing
}

// mayWork reports whether a call that goes well shows that the row is wrong to say that it
// does not sign in. A refresh token that was refused is gone whatever calls say; one that
// there never was is missed after any call that was turned down.
func (row *Connection) mayWork(t Token) bool {
	return row.State == Failing || row.State == NeedsSignIn && t.Access != "" && t.Refresh == ""
}

// useless reports whether t was new when the service turned it down, a short while ago:
// another one would fare no better.
func (s *session) useless(t Token) bool {
	s.evidence.mu.Lock()
	defer s.evidence.mu.Unlock()
	return s.evidence.token == t.Access && s.clients.now().Before(s.evidence.until)
}

// turnedDown notes that the service does not take a token that is new.
func (s *session) turnedDown(t Token) {
	e := s.evidence
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wait = min(max(2*e.wait, 10*time.Second), 5*time.Minute)
	e.token, e.until = t.Access, s.clients.now().Add(e.wait)
}

// heard weighs the status of an answer to a signed call. The row hears of it at the
// first refusals, then once a minute, and when a success ends them.
func (s *session) heard(ctx context.Context, status int) {
	e, now := s.evidence, s.clients.now()
	refused := status == http.StatusUnauthorized || status == http.StatusProxyAuthRequired
	e.mu.Lock()
	switch {
	case refused:
		if e.rejected++; e.rejected == 1 {
			e.since = now
		}
		if e.rejected > 3 && now.Sub(e.told) < time.Minute {
			e.mu.Unlock()
			return
		}
	case status >= http.StatusBadRequest || e.rejected == 0 && !e.failing:
		e.mu.Unlock()
		return
	default:
		e.rejected, e.since, e.failing, e.token, e.wait = 0, time.Time{}, false, "", 0
	}
	e.told = now
	e.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	s.clients.late.Go(func() { s.tell(ctx, status) })
}

// tell writes what was heard by then to the row.
func (s *session) tell(ctx context.Context, status int) {
	c, e := s.clients, s.evidence
	err := c.storage.UpdateConnection(ctx, s.id, func(row *Connection) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		s.revision.CompareAndSwap(row.Revision, row.Revision+1)
		life := &row.Life
		life.Rejected, life.RejectedSince, life.RejectedWith = e.rejected, e.since, status
		if e.rejected == 0 {
			life.RejectedWith = 0
			return s.works(row)
		}
		return nil
	})
	if err != nil {
		c.log.Warn("note how a service takes a connection", "connection", s.id, "err", err)
	}
}

// works takes back that the row does not sign in, after a call that it signed.
func (s *session) works(row *Connection) error {
	if row.State != Failing && row.State != NeedsSignIn {
		return nil
	}
	secrets, err := s.clients.vault.Open(*row)
	if err != nil || !row.mayWork(secrets.Token) {
		return err
	}
	row.State, row.StateDetail = Ready, ""
	if row.Life.Failures > 0 { // what it has goes on working, and another one was not to be had
		row.Expires = secrets.Token.Expires
	}
	return nil
}
