package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// keepBackups is how many copies from before upgrades stay.
const keepBackups = 3

// Backup writes a consistent copy of a SQLite database to path, which may not exist,
// while the store goes on working. PostgreSQL has its own tools.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.dialect.writers > 1 {
		return errors.New("back up PostgreSQL with pg_dump")
	}
	s.settle(ctx)
	return copyInto(ctx, s, path)
}

// copyInto works before the writer has started, too, and without one: what a process that
// died has left, that is no rows yet, is added to the copy.
func copyInto(ctx context.Context, s *Store, path string) error {
	// Read before the copy is made: what becomes rows meanwhile is in it. Damage is for the
	// process that takes them up to tell.
	left, err := readFiles(s.file, 0, func(string, []byte) error { return nil })
	if err != nil {
		return fmt.Errorf("back up the database: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("back up the database: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("back up the database: %w", err)
	}
	c, err := s.read.Conn(ctx)
	if err != nil {
		return fmt.Errorf("back up the database: %w", err)
	}
	defer c.Close()
	// query_only also forbids to write the copy
	if _, err := c.ExecContext(ctx, "pragma query_only(0)"); err != nil {
		return fmt.Errorf("back up the database: %w", err)
	}
	_, err = c.ExecContext(ctx, "vacuum into ?", path)
	_, back := c.ExecContext(context.WithoutCancel(ctx), "pragma query_only(1)")
	if err = errors.Join(err, back); err == nil && len(left) > 0 {
		err = addLeft(ctx, path, left)
	}
	if err != nil {
		return fmt.Errorf("back up the database: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

// backupBefore copies the database beside itself before it gets a new schema, and
// removes all but the last few such copies.
func (s *Store) backupBefore(ctx context.Context, path string, schema int64) (to string, err error) {
	to = fmt.Sprintf("%s.%s-schema%d.bak", path, s.now().UTC().Format("20060102T150405.000"), schema)
	if err := copyInto(ctx, s, to); err != nil {
		return "", err
	}
	s.log.Info("copied the database before upgrading it", "to", to)
	old, err := beside(path, ".*-schema*.bak")
	if err != nil {
		return "", fmt.Errorf("list backups: %w", err)
	}
	for len(old) > keepBackups {
		if err := os.Remove(old[0]); err != nil {
			return "", fmt.Errorf("remove an old backup: %w", err)
		}
		old = old[1:]
	}
	return to, nil
}

// beside lists the files whose names go on like the pattern after that of the file at path,
// in order. The path itself is no pattern, whatever it is called.
func beside(path, pattern string) (names []string, err error) {
	all, err := os.ReadDir(filepath.Dir(path))
	for _, f := range all {
		if rest, ok := strings.CutPrefix(f.Name(), filepath.Base(path)); ok {
			if fits, _ := filepath.Match(pattern, rest); fits {
				names = append(names, path+rest)
			}
		}
	}
	return names, err
}
