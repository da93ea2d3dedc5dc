package connectors

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	keepEvery   = time.Minute // between two looks at what is due
	keepBatch   = 64          // connections of one look
	keepAtOnce  = 4           // renewals at a time
	keepBatches = 50          // of one look, at the most
)

// Keep renews tokens that would otherwise end unused, until ctx ends. It asks the
// storage once a minute, with one query, beginning now.
func (c *Clients) Keep(ctx context.Context) {
	next := time.NewTimer(rand.N(3 * time.Second)) // nodes that start together look one after the other
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		if n, err := c.RenewDue(ctx); err != nil && ctx.Err() == nil {
			c.log.Error("look for tokens to renew", "err", err)
		} else if n > 0 {
			c.log.Info("renewed tokens that nobody used", "connections", n)
		}
		next.Reset(keepEvery)
	}
}

// RenewDue renews the tokens that are due and returns how many it renewed. A renewal
// that fails is written to its connection's row and is due again later.
func (c *Clients) RenewDue(ctx context.Context) (int, error) {
	var renewed atomic.Int64
	for range keepBatches {
		ids, err := c.storage.DueConnections(ctx, c.now(), keepBatch)
		if err != nil {
			return int(renewed.Load()), err
		}
		var moved atomic.Int64
		var all errgroup.Group
		all.SetLimit(keepAtOnce)
		for _, id := range ids {
			if ctx.Err() != nil {
				break
			}
			all.Go(func() error {
				did, err := c.renewIfDue(ctx, id)
				switch {
				case err == nil:
					moved.Add(1)
				case ctx.Err() == nil:
					c.log.Warn("renew a token that nobody used", "connection", id, "err", err)
				}
				if did {
					renewed.Add(1)
				}
				return nil
			})
		}
		all.Wait()
		if len(ids) < keepBatch || moved.Load() == 0 {
			break
		}
	}
	return int(renewed.Load()), ctx.Err()
}

// renewIfDue renews one token, unless it was renewed meanwhile or is not yet due.
func (c *Clients) renewIfDue(ctx context.Context, id string) (renewed bool, err error) {
	row, err := c.storage.Connection(ctx, id)
	if err != nil {
		return false, err
	}
	kind, _, secrets, err := c.unseal(row)
	if err != nil {
		return false, c.postpone(ctx, row, c.now().Add(idleDaily)) // its page says what is wrong
	}
	if row.Life.Due.After(c.now()) {
		return false, nil
	}
	due := secrets.Token.due()
	if !kind.Interactive() {
		due = time.Time{}
	}
	if row.Life.Failures == 0 && (due.IsZero() || due.After(c.now())) {
		return false, c.postpone(ctx, row, due)
	}
	s, err := c.session(ctx, id)
	if err != nil { // else it would be the first in line for ever
		return false, errors.Join(err, c.postpone(ctx, row, c.now().Add(idleDaily)))
	}
	held := secrets.Token
	_, err = s.renewal(ctx, func(t Token) bool { return !t.same(held) })
	return err == nil, err
}

// postpone moves the time when a connection is due, unless it was changed meanwhile.
func (c *Clients) postpone(ctx context.Context, seen Connection, due time.Time) error {
	return c.storage.UpdateConnection(ctx, seen.ID, func(row *Connection) error {
		if row.Revision == seen.Revision {
			row.Life.Due = due
		}
		return nil
	})
}
