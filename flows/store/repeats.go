package store

import (
	"context"
	"strings"

	"flowdeck/flows"
)

// Write is a step of a run that began, as far as its history says.
type Write struct {
	RunID, FlowID, Document string
	flows.Attempt           // the last one at its path; its input is there when it is short
}

// LastAttempts gives the last attempt at each path of runs to f, run by run, without
// outputs; inputs that are long are left out. It stops after most attempts and says so.
func (s *Store) LastAttempts(ctx context.Context, runs []string, most int, f func(Write)) (cut bool, err error) {
	seen := 0
	for len(runs) > 0 && seen < most {
		var some []any
		some, runs = inChunk(runs)
		n, err := s.lastAttempts(ctx, `attempts`, append(some, most-seen), f)
		seen += n
		var short []string // with their attempts in their own row. The view is asked for no others: it has to sort
		if err == nil {
			short, err = s.runIDs(ctx, `select id from runs where id in (`+chunkMarks+`) and steps <> ''`, some...)
		}
		if err == nil && len(short) > 0 {
			some, _ = inChunk(short)
			n, err = s.lastAttempts(ctx, `history`, append(some, most-seen), f)
			seen += n
		}
		if err != nil {
			return false, failed("read what runs did", err)
		}
	}
	return len(runs) > 0 || seen >= most, nil
}

func (s *Store) lastAttempts(ctx context.Context, table string, args []any, f func(Write)) (seen int, err error) {
	var last Write
	err = s.each(ctx, `select a.run_id, a.path, a.number, a.step_id, a.card, a.status, a.failure, `+brief("a.input")+`,
		coalesce((select flow_id from runs r where r.id = a.run_id), ''), coalesce((select document from runs r where r.id = a.run_id), '')
		from `+table+` a where a.run_id in (`+chunkMarks+`) order by a.run_id, a.path, a.number limit ?`, args, func(scan scan) error {
		var w Write
		var failure, input string
		err := scan(&w.RunID, &w.Path, &w.Number, &w.StepID, &w.Card, &w.Status, &failure, &input, &w.FlowID, &w.Document)
		if err == nil {
			w.Error, err = s.failure(failure)
		}
		if err == nil {
			w.Input, err = decode(input)
		}
		if err != nil {
			return err
		}
		if seen++; seen > 1 && (last.RunID != w.RunID || last.Path != w.Path) {
			f(last)
		}
		last = w
		return nil
	})
	if err == nil && seen > 0 {
		f(last)
	}
	return seen, err
}

// chunkMarks are the placeholders of the ids that inChunk gives.
var chunkMarks = `?` + strings.Repeat(", ?", pruneAtOnce-1)

// inChunk takes the first ids of a list as arguments, always as many, so that the query
// is always the same, and returns the others.
func inChunk(ids []string) (args []any, rest []string) {
	n := min(len(ids), pruneAtOnce)
	args = make([]any, 0, pruneAtOnce+1)
	for i := range pruneAtOnce {
		args = append(args, ids[min(i, n-1)])
	}
	return args, ids[n:]
}
