package store

import (
	"context"
	"time"

	"flowdeck/flows"
)

// insertOnce takes what a run is begun for, unless another run has it and its time is not over.
const insertOnce = `insert into run_once (flow_id, kind, name, request, run_id, created, expires) values (?, ?, ?, ?, ?, ?, ?)
	on conflict (flow_id, kind, name) do update set request = excluded.request, run_id = excluded.run_id, created = excluded.created, expires = excluded.expires
	where run_once.expires <= excluded.created`

func onceColumns(run flows.Run, o flows.Once) []any {
	return []any{run.FlowID, o.Kind, o.Name, o.Request, run.ID, micros(run.Created), micros(o.Expires)}
}

func takeOnce(t *tx, columns []any) error {
	n, err := t.exec(insertOnce, columns...)
	if err == nil && n == 0 {
		return flows.ErrTaken
	}
	return err
}

// Begun returns the run that was begun for something, and the digest of what was asked
// for; flows.ErrNotFound when there is none or its time is over.
func (s *Store) Begun(ctx context.Context, flowID, kind, name string) (runID, request string, err error) {
	err = s.row(ctx, `select run_id, request from run_once where flow_id = ? and kind = ? and name = ? and expires > ?`,
		flowID, kind, name, micros(s.now())).Scan(&runID, &request)
	return runID, request, failed("find the run of a "+kind, err)
}

// pruneOnce forgets what may begin a run again.
func (s *Store) pruneOnce(ctx context.Context, now time.Time, _ *Pruned) error {
	_, err := s.change(ctx, `delete from run_once where expires <= ?`, micros(now))
	return err
}
