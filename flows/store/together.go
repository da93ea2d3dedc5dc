package store

import (
	"context"
	"fmt"
)

// Together runs f with a Store whose changes are committed together, once f returns nil,
// and not at all when it does not. That Store reads what it has written. It is good until
// f returns; f may use no other Store meanwhile, and may run more than once. Everybody
// else's changes wait for it.
func (s *Store) Together(ctx context.Context, f func(*Store) error) error {
	err := s.scrubbed(ctx, func(t *tx) error {
		part := &Store{dialect: s.dialect, file: s.file, writer: &writer{within: t}, within: t, blobs: s.blobs, now: s.now, log: s.log, scheduled: make(chan struct{}, 1)}
		part.keep.Store(s.keep.Load())
		part.node.Store(s.node.Load())
		return f(part)
	})
	s.endpoints.forget()
	s.variables.forget()
	s.apps.changed()
	s.schedulesChanged()
	return err
}

// inner runs f so that it can fail without taking the transaction with it.
func (t *tx) inner(f func(*tx) error) error {
	if _, err := t.exec("savepoint inner_member"); err != nil {
		return err
	}
	wrote, broken := t.wrote, t.broken
	err := f(t)
	if err != nil {
		if _, back := t.exec("rollback to savepoint inner_member"); back != nil {
			return fmt.Errorf("%w; and then: %w", err, back)
		}
		t.wrote, t.broken = wrote, broken
	}
	if _, done := t.exec("release savepoint inner_member"); done != nil && err == nil {
		err = done
	}
	return err
}
