package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"flowdeck/flows"
)

// fromOutside are the runs that are not over of a flow's versions and whose trigger was called
// from outside: not those that another run began or that were run again.
const fromOutside = ` from runs where finished = 0 and flow_id = ? and trigger_card = ? and version > 0 and rerun_of = ''
	and not exists (select 1 from run_parents p where p.run_id = runs.id)`

// places are those of a flow's runs that were called from outside, of which it may have so many at a
// time on all servers together.
type places struct {
	flow, trigger string
	most          int
	lock          string
}

// check gives flows.ErrFull when there is none left. Who asks holds the flow until its
// transaction ends, so that two servers do not both see the last place. It writes nothing, so that
// who is refused spoils no commit of others.
func (r *places) check(t *tx) error {
	var id string
	err := t.row(`select id from flows where id = ?`+r.lock, []any{r.flow}, &id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var n int
	if err := t.row(`select count(*) from (select 1`+fromOutside+` limit ?) x`, []any{r.flow, r.trigger, r.most}, &n); err != nil {
		return err
	}
	if n >= r.most {
		return flows.ErrFull
	}
	return nil
}

// UnderWay returns runs of a flow that were called from outside and are not over, most of them
// at most.
func (s *Store) UnderWay(ctx context.Context, flowID, trigger string, most int) ([]string, error) {
	list, err := s.runIDs(ctx, `select id`+fromOutside+` limit ?`, flowID, trigger, most)
	return list, failed("find the runs under way of flow "+flowID, err)
}

// StillUnderWay returns those of a flow's runs that are not over.
func (s *Store) StillUnderWay(ctx context.Context, flowID string, runs []string) (list []string, err error) {
	for some := range slices.Chunk(runs, pruneAtOnce) {
		args := append(make([]any, 0, pruneAtOnce+1), flowID)
		for i := range pruneAtOnce {
			args = append(args, some[min(i, len(some)-1)])
		}
		left, err := s.runIDs(ctx, `select id from runs where finished = 0 and flow_id = ? and id in (?`+strings.Repeat(", ?", pruneAtOnce-1)+`)`, args...)
		if err != nil {
			return nil, failed("find the runs under way of flow "+flowID, err)
		}
		list = append(list, left...)
	}
	return list, nil
}

func (s *Store) runIDs(ctx context.Context, query string, args ...any) (list []string, err error) {
	err = s.each(ctx, query, args, func(scan scan) error {
		var id string
		err := scan(&id)
		list = append(list, id)
		return err
	})
	return list, err
}
