package store

import (
	"context"
	"errors"
)

// scrubbed commits f so that what it replaces and deletes is overwritten in the file:
// an old data key that stayed in a free page would open what it sealed. Servers that
// keep old rows by themselves, as PostgreSQL does until it vacuums, are left to that.
func (s *Store) scrubbed(ctx context.Context, f func(*tx) error) error {
	if s.dialect.scrub == nil || s.within != nil {
		return s.writer.do(ctx, f)
	}
	return s.writer.alone(ctx, func(t *tx) error {
		if err := t.each(s.dialect.scrub[0], nil, ignoreRow); err != nil {
			return err
		}
		err := t.whole(f)
		if t.conn == nil { // given up, with its settings
			return err
		}
		return errors.Join(err, t.each(s.dialect.scrub[1], nil, ignoreRow))
	})
}

// whole runs f in a transaction of its own.
func (t *tx) whole(f func(*tx) error) error {
	if _, err := t.exec(t.dialect.begin); err != nil {
		return err
	}
	err := f(t)
	if err == nil {
		_, err = t.exec("commit")
	}
	if err != nil {
		t.rollback()
	}
	return err
}
