package store

import (
	"context"
	"strconv"

	"flowdeck/flows"
)

// RunCounts is how many runs there are in the states that people filter by, each
// counted up to CountCap.
type RunCounts struct{ Open, Failed, Stopped int }

// unwell is what the index of runs that did not succeed says of them.
const unwell = "finished > 0 and status <> 'succeeded'"

// RunCounts counts the runs of a flow, or of all flows when flowID is "".
func (s *Store) RunCounts(ctx context.Context, flowID string) (n RunCounts, err error) {
	of, args := "", []any{}
	if flowID != "" {
		of = " and flow_id = ?"
	}
	query := "select "
	for i, where := range []string{"finished = 0", unwell + " and status = 'failed'", unwell + " and status = 'cancelled'"} {
		if i > 0 {
			query += ", "
		}
		query += `(select count(*) from (select 1 from runs where ` + where + of + ` limit ` + strconv.Itoa(CountCap) + `) x)`
		if flowID != "" {
			args = append(args, flowID)
		}
	}
	err = s.row(ctx, query, args...).Scan(&n.Open, &n.Failed, &n.Stopped)
	return n, failed("count runs", err)
}

// sketchBytes is the longest body that a sketch of an attempt carries.
const sketchBytes = "8192"

// AttemptSketches is Attempts without traces, and without the inputs and outputs
// that are long: what a page needs to say in a line how each step went.
func (s *Store) AttemptSketches(ctx context.Context, runID string) ([]flows.Attempt, error) {
	return s.history(ctx, sketchColumns, `run_id = ?`, runID)
}

var sketchColumns = `run_id, path, number, step_id, card, status, started, finished, next_at, given, failure, ` + brief("input") + `, ` + brief("output") + `, ''`

func brief(column string) string {
	return `case when length(` + column + `) <= ` + sketchBytes + ` and substr(` + column + `, 1, 8) <> '` + blobMark + `' then ` + column + ` else '' end`
}
