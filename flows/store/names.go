package store

import (
	"context"
	"strings"
)

// namesAtOnce is how many ids one query asks for.
const namesAtOnce = 50

// FlowNames returns the names of the flows that there are among ids.
func (s *Store) FlowNames(ctx context.Context, ids []string) (map[string]string, error) {
	names, err := s.names(ctx, `select id, name from flows where deleted = 0 and id in `, ids)
	return names, failed("read names of flows", err)
}

// names runs a query of ids and names, which ends where the list of ids begins.
func (s *Store) names(ctx context.Context, query string, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	query += "(?" + strings.Repeat(", ?", namesAtOnce-1) + ")"
	for len(ids) > 0 {
		n := min(len(ids), namesAtOnce)
		args := make([]any, namesAtOnce)
		for i := range args {
			args[i] = ids[min(i, n-1)]
		}
		ids = ids[n:]
		err := s.each(ctx, query, args, func(scan scan) error {
			var id, name string
			err := scan(&id, &name)
			names[id] = name
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}
