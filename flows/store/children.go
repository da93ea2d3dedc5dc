package store

import (
	"context"

	"flowdeck/flows"
)

// Child is a run that a step of another run began.
type Child struct {
	RunRow
	Path  flows.Path // of that step
	Waits bool       // the step waits for its end
}

// MostChildren is how many runs of a run are listed.
const MostChildren = 200

// Children returns the runs that a run began, oldest first: all of them, or those of
// one path. More than 200 are cut off.
func (s *Store) Children(ctx context.Context, runID string, p flows.Path) (list []Child, err error) {
	where, args := `where p.parent_run = ?`, []any{runID}
	if p != "" {
		where, args = where+` and p.parent_path = ?`, append(args, string(p))
	}
	err = s.each(ctx, `select p.parent_path, p.waits, r.id, r.flow_id, coalesce(f.name, ''), r.version, r.status, r.error_code, r.created, r.started, r.finished
		from run_parents p join runs r on r.id = p.run_id left join flows f on f.id = r.flow_id `+where+` order by r.id limit ?`, append(args, MostChildren),
		func(scan scan) error {
			var c Child
			err := scan(&c.Path, &c.Waits, &c.ID, &c.FlowID, &c.FlowName, &c.Version, &c.Status, &c.ErrorCode,
				instant{&c.Created}, instant{&c.Started}, instant{&c.Finished})
			list = append(list, c)
			return err
		})
	return list, failed("list the runs that run "+runID+" began", err)
}
