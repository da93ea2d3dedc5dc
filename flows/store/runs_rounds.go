package store

import (
	"context"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/flows"
)

// mostFailedRounds bounds what FailedRounds tells of.
const mostFailedRounds = 1000

// mostDigits is how many digits the number of a round has at most.
const mostDigits = 9

// FailedRounds is which steps in rounds of loops failed for good, by path; at most 1,000.
// Those that were stopped with the run did not fail.
func (s *Store) FailedRounds(ctx context.Context, runID string) (list []flows.Path, err error) {
	// Few are read as far as their error: those that have the word in it somewhere.
	err = s.each(ctx, `select path, case when failure like '%`+cards.CodeCancelled+`%' then `+brief("failure")+` else '' end
		from history where run_id = ? and path like '%[%' and status = 'failed' and next_at = 0
		order by path limit `+strconv.Itoa(2*mostFailedRounds), []any{runID}, func(scan scan) error {
		var path flows.Path
		var failure string
		err := scan(&path, &failure)
		if err != nil || len(list) == mostFailedRounds {
			return err
		}
		e, err := s.failure(failure)
		if e == nil || e.Code != cards.CodeCancelled {
			list = append(list, path)
		}
		return err
	})
	return list, failed("look for rounds that failed", err)
}

// NewestRounds is a step in the newest round of each of these loops, as far as there is
// one: "loop[41]/get" of "loop". It reads nothing of a history but its paths.
func (s *Store) NewestRounds(ctx context.Context, runID string, loops []flows.Path) (list []flows.Path, err error) {
	if len(loops) == 0 {
		return nil, nil
	}
	var query strings.Builder
	var args []any
	for i, loop := range loops {
		if i > 0 {
			query.WriteString(` union all `)
		}
		// \ comes after [ in the order of bytes, in which both databases keep paths. Of two
		// numbers the one with more digits is the greater, whatever comes behind it.
		query.WriteString(`select path from (select path from history where run_id = ? and path >= ? and path < ? order by case`)
		args = append(args, runID, string(loop)+"[", string(loop)+`\`)
		for digits := 1; digits <= mostDigits; digits++ {
			query.WriteString(` when substr(path, ?, 1) = ']' then ` + strconv.Itoa(digits))
			args = append(args, len(loop)+2+digits)
		}
		query.WriteString(` else 0 end desc, path desc limit 1) x` + strconv.Itoa(i))
	}
	err = s.each(ctx, query.String(), args, func(scan scan) error {
		var path flows.Path
		err := scan(&path)
		list = append(list, path)
		return err
	})
	return list, failed("look for the newest rounds", err)
}

// SketchesIn is AttemptSketches for the steps outside of loops, and those in the given
// rounds that are in no loop within: "loop[3]/".
func (s *Store) SketchesIn(ctx context.Context, runID string, rounds []flows.Path) ([]flows.Attempt, error) {
	var where strings.Builder
	where.WriteString(`run_id = ? and (path not like '%[%'`)
	args := []any{runID}
	for _, r := range rounds {
		// 0 comes after / in the order of bytes, in which both databases keep paths
		where.WriteString(` or (path >= ? and path < ? and substr(path, ?) not like '%[%')`)
		args = append(args, string(r), strings.TrimSuffix(string(r), "/")+"0", len(r)+1)
	}
	return s.history(ctx, sketchColumns, where.String()+`)`, args...)
}
