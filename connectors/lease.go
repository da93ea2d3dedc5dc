package connectors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// turn is the right to renew, and what is renewed.
type turn struct {
	held      Token
	refresher Refresher
	revision  int64     // of the row after the claim
	lost      time.Time // when the same token was asked with before, without an answer; zero when it never was
	stopped   bool      // because that process stopped
	got       Token     // given to this process earlier, and not yet committed
	given     bool
}

// errEnough means that the token in the row is as good as a new one.
var errEnough = errors.New("no renewal is needed")

// leasedError means that another process renews.
type leasedError struct{ life Lifecycle }

func (*leasedError) Error() string { return "another process renews the token" }

// claim takes the lease of a renewal and writes down, before the service is asked,
// which token it is asked with: whoever comes after a crash knows what was under way.
// Of any number of processes one gets it; dead is a lease that was seen to be dead.
func (s *session) claim(ctx context.Context, enough func(Token) bool, dead Lifecycle) (turn, error) {
	c := s.clients
	var t turn
	err := c.storage.UpdateConnection(ctx, s.id, func(row *Connection) error {
		_, auth, secrets, err := c.unseal(*row)
		if err != nil {
			return err
		}
		t = turn{held: secrets.Token, revision: row.Revision}
		var ok bool
		if t.refresher, ok = auth.(Refresher); !ok {
			return errors.New("its type was changed")
		}
		if t.got, t.given = c.pendingToken(s.id, t.held); t.given {
			return errEnough
		}
		if enough(t.held) {
			return errEnough
		}
		now, life := c.now(), &row.Life
		foreign := life.Holder != "" && life.Holder != c.holder
		if foreign && !c.alone && !sameLease(*life, dead) && now.Before(life.Until.Add(clocksDiffer)) {
			return &leasedError{*life}
		}
		mark := t.held.mark()
		if life.With == mark {
			t.lost, t.stopped = life.Asked, life.Holder != ""
		}
		life.Holder, life.Until, life.Asked, life.With = c.holder, now.Add(leaseLife), now, mark
		t.revision++
		return nil
	})
	if err == nil {
		s.revision.Store(t.revision)
	}
	return t, err
}

// outwait waits until the lease is given back, and for no longer than a living process
// would hold it: what it returns then is dead. It measures with this process's own
// clock, because the other's may be wrong.
func (s *session) outwait(ctx context.Context, seen Lifecycle) (dead Lifecycle, err error) {
	end := time.NewTimer(s.clients.lease)
	defer end.Stop()
	pause := 20 * time.Millisecond
	again := time.NewTimer(pause)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return dead, ctx.Err()
		case <-end.C:
			return seen, nil
		case <-again.C:
		}
		row, err := s.clients.storage.Connection(ctx, s.id)
		if err != nil || !sameLease(row.Life, seen) {
			return dead, err
		}
		pause = min(2*pause, 500*time.Millisecond)
		again.Reset(pause)
	}
}

func sameLease(a, b Lifecycle) bool { return a.Holder == b.Holder && a.Until.Equal(b.Until) }

// mark tells tokens apart without telling them.
func (t Token) mark() string {
	sum := sha256.Sum256([]byte("flowdeck token mark\x00" + t.Refresh + "\x00" + t.Access))
	return hex.EncodeToString(sum[:8])
}
