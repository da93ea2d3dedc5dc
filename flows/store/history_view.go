package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// historyView is the attempts of all runs: those in rows of their own, and those that
// short runs have in theirs as a list of lists, see journal_pack.go. Ask it for runs by
// their ids; both parts are then found by their keys. It is made here and not by a
// migration because the two databases take JSON apart in ways of their own.
func (d dialect) historyView() string {
	var columns strings.Builder
	for i, name := range []string{"path", "number", "step_id", "card", "status", "started", "finished", "next_at", "given", "failure", "input", "output", "trace", "bytes"} {
		value := "j.value ->> " + strconv.Itoa(i)
		switch name {
		case "number", "started", "finished", "next_at", "bytes":
			value = "cast(" + value + " as bigint)"
		}
		columns.WriteString(", " + value + " as " + name)
	}
	return `create view history as
		select run_id, path, number, step_id, card, status, started, finished, next_at, given, failure, input, output, trace, bytes from attempts
		union all select r.id as run_id` + columns.String() + ` from runs r, ` + d.elements + ` where r.steps <> ''`
}

// makeHistory makes the view unless it is there. Several processes may do it at once.
func (s *Store) makeHistory(ctx context.Context) error {
	there, err := s.hasHistory(ctx)
	if err != nil || there {
		return err
	}
	if _, err := s.write.ExecContext(ctx, s.dialect.historyView()); err != nil {
		if there, again := s.hasHistory(ctx); again != nil || !there {
			return fmt.Errorf("make the view of all attempts: %w", err)
		}
	}
	return nil
}

func (s *Store) hasHistory(ctx context.Context) (bool, error) {
	var n int
	err := s.write.QueryRowContext(ctx, s.dialect.views).Scan(&n)
	return n > 0, err
}

// dropHistory removes the view, so that migrations can change what it stands on.
func (s *Store) dropHistory(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, `drop view if exists history`)
	return err
}
