package store

import (
	"context"
	"time"

	"flowdeck/flows"
)

// RedoStatus says how far a redo has come. Its words are stored.
type RedoStatus string

// The statuses of a redo.
const (
	RedoRunning RedoStatus = "running"
	RedoStopped RedoStatus = "stopped" // by a person; what was begun goes on
	RedoDone    RedoStatus = "done"
)

// Where the runs of a redo begin. The words are stored.
const (
	FromFailed = "failed" // at the step that failed
	FromStart  = "start"  // anew, with the same event
)

// Redo takes many failed runs up again, in the background.
type Redo struct {
	ID      string
	Created time.Time
	By      string // in words
	FlowID  string // "" of every flow
	Query   string // what the runs were searched by
	From    string // FromFailed or FromStart
	Version string // same or live
	Status  RedoStatus
	Total   int
	Settled int // begun or refused
}

// RedoRun is one run of a redo.
type RedoRun struct {
	N       int // 1 is the first
	RunID   string
	Again   string // the id of the run that takes its place
	Problem string // why it was refused; "" when it was not
}

// RedoOutcome is what became of a run that a redo began.
type RedoOutcome string

// The outcomes of runs that were begun and that are in the history.
const (
	RedoSucceeded RedoOutcome = "succeeded"
	RedoFailed    RedoOutcome = "failed" // or was stopped
	RedoUnderWay  RedoOutcome = "under way"
)

var redoOutcomes = map[RedoOutcome]string{
	RedoSucceeded: `r.status = 'succeeded'`,
	RedoFailed:    `r.finished <> 0 and r.status <> 'succeeded'`,
	RedoUnderWay:  `r.finished = 0`,
}

// RedoCounts says what became of the runs of a redo.
type RedoCounts struct {
	Waiting, Refused, UnderWay, Succeeded, Failed int
	Gone                                          int // begun, and not in the history any more
}

// CreateRedo stores a redo of runs, in order. Each gets the id of the run that takes
// its place now, so that it is begun once, whoever goes on with the redo.
func (s *Store) CreateRedo(ctx context.Context, r Redo, runs []string) error {
	return failed("create redo", s.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`insert into redos (id, created, created_by, flow_id, query, begin_at, version, status, total, finished) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
			r.ID, micros(r.Created), short(r.By, 200), r.FlowID, r.Query, r.From, r.Version, string(RedoRunning), len(runs))
		for i, id := range runs {
			if err != nil {
				return err
			}
			_, err = t.exec(`insert into redo_runs (redo_id, n, run_id, again, status, problem) values (?, ?, ?, ?, 'waiting', '')`, r.ID, i+1, id, NewID("r_"))
		}
		return err
	}))
}

const redoSelect = `select id, created, created_by, flow_id, query, begin_at, version, status, total, finished from redos `

func (r *Redo) into() []any {
	return []any{&r.ID, instant{&r.Created}, &r.By, &r.FlowID, &r.Query, &r.From, &r.Version, &r.Status, &r.Total, &r.Settled}
}

// Redo returns a redo.
func (s *Store) Redo(ctx context.Context, id string) (r Redo, err error) {
	err = s.row(ctx, redoSelect+`where id = ?`, id).Scan(r.into()...)
	return r, failed("read redo "+id, err)
}

// RunningRedos returns the redos that are not over, oldest first.
func (s *Store) RunningRedos(ctx context.Context) (list []Redo, err error) {
	err = s.each(ctx, redoSelect+`where status = 'running' order by created, id`, nil, func(scan scan) error {
		var r Redo
		err := scan(r.into()...)
		list = append(list, r)
		return err
	})
	return list, failed("list redos", err)
}

// WaitingRedoRuns returns the next runs of a redo that nothing was done about yet.
func (s *Store) WaitingRedoRuns(ctx context.Context, id string, most int) (list []RedoRun, err error) {
	return s.redoRuns(ctx, `status = 'waiting'`, id, most)
}

// RefusedRedoRuns returns the runs of a redo that could not be taken up, and why.
func (s *Store) RefusedRedoRuns(ctx context.Context, id string, most int) (list []RedoRun, err error) {
	return s.redoRuns(ctx, `status = 'refused'`, id, most)
}

// BegunRedoRuns returns the runs that a redo began and that ended so, oldest first.
func (s *Store) BegunRedoRuns(ctx context.Context, id string, as RedoOutcome, most int) (list []RunRow, err error) {
	err = s.each(ctx, `select r.id, r.flow_id, coalesce(f.name, ''), r.status, r.error_code, r.error_message
		from redo_runs x join runs r on r.id = x.again left join flows f on f.id = r.flow_id
		where x.redo_id = ? and x.status = 'begun' and `+redoOutcomes[as]+` order by x.n limit ?`, []any{id, most}, func(scan scan) error {
		var r RunRow
		err := scan(&r.ID, &r.FlowID, &r.FlowName, &r.Status, &r.ErrorCode, &r.ErrorMessage)
		list = append(list, r)
		return err
	})
	return list, failed("list the runs that redo "+id+" began", err)
}

func (s *Store) redoRuns(ctx context.Context, where, id string, most int) (list []RedoRun, err error) {
	err = s.each(ctx, `select n, run_id, again, problem from redo_runs where redo_id = ? and `+where+` order by n limit ?`, []any{id, most}, func(scan scan) error {
		var r RedoRun
		err := scan(&r.N, &r.RunID, &r.Again, &r.Problem)
		list = append(list, r)
		return err
	})
	return list, failed("list the runs of redo "+id, err)
}

// RedoUnderWay returns the runs that a redo has begun and that are not over.
func (s *Store) RedoUnderWay(ctx context.Context, id string) ([]string, error) {
	list, err := s.runIDs(ctx, `select r.id from redo_runs x join runs r on r.id = x.again where x.redo_id = ? and x.status = 'begun' and r.finished = 0`, id)
	return list, failed("find the runs under way of redo "+id, err)
}

// SettleRedoRun notes that a run of a redo was begun again, or why it was refused. The
// failure that it takes the place of is then dealt with. The last one ends the redo.
func (s *Store) SettleRedoRun(ctx context.Context, r Redo, x RedoRun, now time.Time) error {
	status := "begun"
	if x.Problem != "" {
		status = "refused"
	}
	return failed("go on with redo "+r.ID, s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`update redo_runs set status = ?, problem = ? where redo_id = ? and n = ? and status = 'waiting'`, status, short(x.Problem, 300), r.ID, x.N)
		if err != nil || n == 0 {
			return err
		}
		if x.Problem == "" {
			if _, err := t.exec(`update failures set handled = ?, how = ?, handled_by = ?, again = ? where run_id = ? and handled = 0`,
				micros(now), Redone, short(r.By, 200), x.Again, x.RunID); err != nil {
				return err
			}
		}
		_, err = t.exec(`update redos set finished = finished + 1, status = case when status = 'running' and finished + 1 >= total then 'done' else status end where id = ?`, r.ID)
		return err
	}))
}

// StopRedo has a redo begin nothing more. One that is over gives flows.ErrConflict.
func (s *Store) StopRedo(ctx context.Context, id string) error {
	return failed("stop redo "+id, s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`update redos set status = ? where id = ? and status = 'running'`, string(RedoStopped), id)
		if err != nil || n > 0 {
			return err
		}
		var status string
		if err := t.row(`select status from redos where id = ?`, []any{id}, &status); err != nil {
			return err
		}
		return flows.ErrConflict
	}))
}

// RedoCounts counts what became of the runs of a redo.
func (s *Store) RedoCounts(ctx context.Context, id string) (c RedoCounts, err error) {
	err = s.each(ctx, `select x.status, coalesce(r.status, ''), count(*) from redo_runs x left join runs r on r.id = x.again
		where x.redo_id = ? group by x.status, coalesce(r.status, '')`, []any{id}, func(scan scan) error {
		var status string
		var run flows.Status
		var n int
		if err := scan(&status, &run, &n); err != nil {
			return err
		}
		switch {
		case status == "waiting":
			c.Waiting += n
		case status == "refused":
			c.Refused += n
		case run == flows.Succeeded:
			c.Succeeded += n
		case run.Done():
			c.Failed += n
		case run == "":
			c.Gone += n
		default:
			c.UnderWay += n
		}
		return nil
	})
	return c, failed("count the runs of redo "+id, err)
}
