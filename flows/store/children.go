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

// BegunRun is a run that a step of another run began.
type BegunRun struct {
	ID, FlowID, FlowName string
	Parent               string // the other run
	Path                 flows.Path
	Kept                 bool // the step finished: whoever goes on with the other run does not take it again
}

// BegunBy returns the runs that steps of these runs began, most at most, without those that
// their failures began.
func (s *Store) BegunBy(ctx context.Context, runs []string, most int) (list []BegunRun, err error) {
	for len(runs) > 0 && len(list) < most {
		var some []any
		some, runs = inChunk(runs)
		// A run that began another has its attempts in rows of their own.
		err := s.each(ctx, `select p.run_id, p.parent_run, p.parent_path, r.flow_id, coalesce(f.name, ''),
			exists (select 1 from attempts a where a.run_id = p.parent_run and a.path = p.parent_path and a.status = 'succeeded')
			from run_parents p join runs r on r.id = p.run_id left join flows f on f.id = r.flow_id
			where p.parent_run in (`+chunkMarks+`) and p.parent_path <> '`+string(flows.PathOnFailure)+`' order by p.run_id limit ?`, append(some, most-len(list)), func(scan scan) error {
			var b BegunRun
			err := scan(&b.ID, &b.Parent, &b.Path, &b.FlowID, &b.FlowName, &b.Kept)
			list = append(list, b)
			return err
		})
		if err != nil {
			return nil, failed("list the runs that runs began", err)
		}
	}
	return list, nil
}
