package store

import (
	"context"

	"flowdeck/flows"
)

// Callee returns what calling a flow needs: its published version, or the draft when
// there is none and draft says that it will do.
func (s *Store) Callee(ctx context.Context, flowID string, draft bool) (flows.Callee, error) {
	c := flows.Callee{FlowID: flowID}
	err := s.row(ctx, `select name, alias, is_on, version, document, settings from flows where id = ? and deleted = 0`, flowID).
		Scan(&c.Name, &c.Alias, &c.On, &c.Version, &c.Document, parsed{&c.Settings})
	if err != nil || c.Version > 0 || !draft {
		return c, failed("find flow "+flowID, err)
	}
	f, err := s.Flow(ctx, flowID)
	if err == nil {
		c.Document, err = s.PutDocument(ctx, f.Draft)
	}
	return c, failed("find the draft of flow "+flowID, err)
}

// setCalls says which flows a flow's draft, or its published version, calls.
func setCalls(t *tx, flowID string, live bool, doc flows.Document) error {
	want := flows.Calls(doc)
	have := map[string]string{}
	err := t.each(`select step_id, called from flow_calls where flow_id = ? and is_live = ?`, []any{flowID, live}, func(scan scan) error {
		var step, called string
		err := scan(&step, &called)
		have[step] = called
		return err
	})
	for step := range have {
		if _, ok := want[step]; !ok && err == nil {
			_, err = t.exec(`delete from flow_calls where flow_id = ? and is_live = ? and step_id = ?`, flowID, live, step)
		}
	}
	for step, called := range want {
		if have[step] != called && err == nil {
			_, err = t.exec(`insert into flow_calls (flow_id, is_live, step_id, called) values (?, ?, ?, ?)
				on conflict (flow_id, is_live, step_id) do update set called = excluded.called`, flowID, live, step, called)
		}
	}
	return err
}

// Callers returns the flows that call a flow, by name.
func (s *Store) Callers(ctx context.Context, flowID string) (list []Use, err error) {
	err = s.each(ctx, `select f.id, f.name, x.step_id, x.is_live from flow_calls x join flows f on f.id = x.flow_id
		where x.called = ? and f.deleted = 0 order by f.name_key, f.id, x.step_id`, []any{flowID}, func(scan scan) error {
		var u Use
		var step string
		err := scan(&u.FlowID, &u.FlowName, &step, &u.Live)
		list = addUse(list, u, step)
		return err
	})
	return list, failed("list callers of flow "+flowID, err)
}

// addUse adds a step's use to a list that is ordered by flow.
func addUse(list []Use, u Use, step string) []Use {
	if n := len(list); n == 0 || list[n-1].FlowID != u.FlowID {
		list = append(list, Use{FlowID: u.FlowID, FlowName: u.FlowName})
	}
	last := &list[len(list)-1]
	last.Live, last.Draft = last.Live || u.Live, last.Draft || !u.Live
	if n := len(last.Steps); n == 0 || last.Steps[n-1] != step {
		last.Steps = append(last.Steps, step)
	}
	return list
}
