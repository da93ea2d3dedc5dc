package store

import (
	"context"
	"errors"
	"time"

	"flowdeck/flows"
)

// Callback is a link that answers a step of a run, and what became of it.
type Callback struct {
	flows.Callback
	RunID  string
	Over   bool // the run is, or is about to be
	Signal flows.SignalKind
	At     time.Time // of the signal
}

// Open reports whether the link can be used at a time.
func (c Callback) Open(now time.Time) bool {
	return c.Signal == "" && !c.Over && now.Before(c.Expires)
}

const callbackColumns = `select c.hash, c.run_id, c.path, c.created, c.expires, c.page, r.finished > 0 or r.cancel, coalesce(s.kind, ''), coalesce(s.arrived, 0)
	from callbacks c join runs r on r.id = c.run_id left join signals s on s.run_id = c.run_id and s.path = c.path `

func scanCallback(scan scan) (c Callback, err error) {
	var expires time.Time
	err = scan(&c.Hash, &c.RunID, &c.Path, instant{&c.Made}, instant{&expires}, parsed{&c.Callback.Callback}, &c.Over, &c.Signal, instant{&c.At})
	c.Expires = expires
	return c, err
}

// Callback returns the link of that hash.
func (s *Store) Callback(ctx context.Context, hash string) (Callback, error) {
	c, err := scanCallback(s.row(ctx, callbackColumns+`where c.hash = ?`, hash).Scan)
	return c, failed("find link", err)
}

// CallbacksOf returns the links of a run, oldest first, at most a hundred.
func (s *Store) CallbacksOf(ctx context.Context, runID string) (list []Callback, err error) {
	err = s.each(ctx, callbackColumns+`where c.run_id = ? order by c.created, c.path limit 100`, []any{runID}, func(scan scan) error {
		c, err := scanCallback(scan)
		list = append(list, c)
		return err
	})
	return list, failed("list links of run "+runID, err)
}

// Answer has what somebody said by a link arrive for its step. It gives
// flows.ErrConflict when the link can no longer be used: somebody was first, it has
// expired, or the run has ended.
func (s *Store) Answer(ctx context.Context, c Callback, x flows.Signal) error {
	body, blob, _, err := s.body(encode(x.Body))
	if err != nil {
		return failed("answer", err)
	}
	err = s.writer.do(ctx, func(t *tx) error {
		var open bool
		if err := t.row(`select finished = 0 and not cancel from runs where id = ?`+s.dialect.lock, []any{c.RunID}, &open); err != nil {
			return err
		}
		if !open || !x.At.Before(c.Expires) {
			return flows.ErrConflict
		}
		first, err := s.putFirst(t, c.RunID, x, body)
		if err == nil && !first {
			return flows.ErrConflict
		}
		if err == nil && blob != "" {
			err = useBlob(t, blob, c.RunID)
		}
		return err
	})
	if errors.Is(err, flows.ErrConflict) {
		return flows.ErrConflict
	}
	return failed("answer run "+c.RunID, err)
}
