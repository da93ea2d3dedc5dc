package store

import (
	"context"
	"strconv"
	"strings"

	"flowdeck/flows"
)

// mostFailedRounds bounds the failures that Rounds tells of.
const mostFailedRounds = 1000

// Rounds is which steps of a run stand in which rounds of loops: those that failed for
// good, and the newest, by path. Both are bounded; a loop may have many rounds.
type Rounds struct{ Failed, Newest []flows.Path }

// Rounds looks for rounds of loops in a run's history.
func (s *Store) Rounds(ctx context.Context, runID string) (r Rounds, err error) {
	if r.Failed, err = s.paths(ctx, `status = 'failed' and next_at = 0`, `path`, mostFailedRounds, runID); err == nil {
		r.Newest, err = s.paths(ctx, `1 = 1`, `started desc, path desc`, 64, runID)
	}
	return r, failed("look for rounds", err)
}

func (s *Store) paths(ctx context.Context, where, order string, limit int, runID string) (list []flows.Path, err error) {
	err = s.each(ctx, `select path from attempts where run_id = ? and path like '%[%' and `+where+` order by `+order+` limit `+strconv.Itoa(limit), []any{runID}, func(scan scan) error {
		var path flows.Path
		err := scan(&path)
		list = append(list, path)
		return err
	})
	return list, err
}

// SketchesIn is AttemptSketches for the steps outside of loops, and those in the given
// rounds that are in no loop within: "loop[3]/".
func (s *Store) SketchesIn(ctx context.Context, runID string, rounds []flows.Path) ([]flows.Attempt, error) {
	var where strings.Builder
	where.WriteString(`run_id = ? and (path not like '%[%'`)
	args := []any{runID}
	for _, r := range rounds {
		// 0 comes after / in the order of bytes, in which both databases keep paths
		where.WriteString(` or (path >= ? and path < ? and substr(path, ` + strconv.Itoa(len(r)+1) + `) not like '%[%')`)
		args = append(args, string(r), strings.TrimSuffix(string(r), "/")+"0")
	}
	return s.history(ctx, sketchColumns, where.String()+`)`, args...)
}
