package store

import (
	"context"
	"slices"

	"flowdeck/flows"
)

// setConnections says which connections a flow's draft, or its published version, uses.
func setConnections(t *tx, flowID string, live bool, doc flows.Document) error {
	want := map[string]string{}
	eachStep(doc, func(s *flows.Step) {
		if s.Connection != "" {
			want[s.ID] = s.Connection
		}
	})
	have := map[string]string{}
	err := t.each(`select step_id, connection_id from flow_connections where flow_id = ? and is_live = ?`, []any{flowID, live}, func(scan scan) error {
		var step, connection string
		err := scan(&step, &connection)
		have[step] = connection
		return err
	})
	if err != nil {
		return err
	}
	for step := range have {
		if _, ok := want[step]; !ok {
			if _, err := t.exec(`delete from flow_connections where flow_id = ? and is_live = ? and step_id = ?`, flowID, live, step); err != nil {
				return err
			}
		}
	}
	for step, connection := range want {
		if have[step] == connection {
			continue
		}
		if _, err := t.exec(`insert into flow_connections (flow_id, is_live, step_id, connection_id) values (?, ?, ?, ?)
			on conflict (flow_id, is_live, step_id) do update set connection_id = excluded.connection_id`, flowID, live, step, connection); err != nil {
			return err
		}
	}
	return nil
}

// ConnectionUses returns the flows that use a connection, by name.
func (s *Store) ConnectionUses(ctx context.Context, id string) (list []Use, err error) {
	err = s.each(ctx, `select f.id, f.name, x.step_id, x.is_live from flow_connections x join flows f on f.id = x.flow_id
		where x.connection_id = ? order by f.name_key, f.id, x.step_id`, []any{id}, func(scan scan) error {
		var u Use
		var step string
		if err := scan(&u.FlowID, &u.FlowName, &step, &u.Live); err != nil {
			return err
		}
		if n := len(list); n == 0 || list[n-1].FlowID != u.FlowID {
			list = append(list, Use{FlowID: u.FlowID, FlowName: u.FlowName})
		}
		last := &list[len(list)-1]
		last.Live, last.Draft = last.Live || u.Live, last.Draft || !u.Live
		if !slices.Contains(last.Steps, step) {
			last.Steps = append(last.Steps, step)
		}
		return nil
	})
	return list, failed("list uses of connection "+id, err)
}
