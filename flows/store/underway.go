package store

import (
	"context"
	"slices"
	"strings"
)

// UnderWay returns runs of a flow's versions that are not over, most of them at most, whose
// trigger was called from outside: not those that another run began or that were run again.
func (s *Store) UnderWay(ctx context.Context, flowID, trigger string, most int) ([]string, error) {
	list, err := s.runIDs(ctx, `select id from runs where finished = 0 and flow_id = ? and trigger_card = ? and version > 0 and rerun_of = ''
		and not exists (select 1 from run_parents p where p.run_id = runs.id) limit ?`, flowID, trigger, most)
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
