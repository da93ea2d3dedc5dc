package store

import (
	"context"
	"strings"

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

// LiveDocuments returns the ids of the documents that are published, by flow.
func (s *Store) LiveDocuments(ctx context.Context, flowIDs []string) (map[string]string, error) {
	live := map[string]string{}
	for len(flowIDs) > 0 {
		var some []any
		some, flowIDs = inChunk(flowIDs)
		err := s.each(ctx, `select id, document from flows where version > 0 and deleted = 0 and id in (`+chunkMarks+`)`, some, func(scan scan) error {
			var id, document string
			err := scan(&id, &document)
			live[id] = document
			return err
		})
		if err != nil {
			return nil, failed("find published flows", err)
		}
	}
	return live, nil
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

// Callers returns the names of the flows that call each of these flows, sorted.
func (s *Store) Callers(ctx context.Context, ids []string) (map[string][]string, error) {
	found := map[string][]string{}
	if len(ids) == 0 {
		return found, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	err := s.each(ctx, `select distinct x.called, f.name_key, f.name from flow_calls x join flows f on f.id = x.flow_id
		where f.deleted = 0 and x.flow_id <> x.called and x.called in (?`+strings.Repeat(", ?", len(ids)-1)+`) order by x.called, f.name_key, f.name`,
		args, func(scan scan) error {
			var called, key, name string
			err := scan(&called, &key, &name)
			found[called] = append(found[called], name)
			return err
		})
	return found, failed("list callers of flows", err)
}

// Called is a flow that others call, and the document that calling it runs: of its
// published version, else of its draft.
type Called struct {
	flows.Callee
	Doc flows.Document
}

// CalledFlows returns flows by id, as many as there are.
func (s *Store) CalledFlows(ctx context.Context, ids []string) (map[string]Called, error) {
	found := make(map[string]Called, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	err := s.each(ctx, `select f.id, f.name, f.alias, f.is_on, f.version, coalesce(d.body, f.draft) from flows f
		left join documents d on d.id = f.document and f.version > 0
		where f.deleted = 0 and f.id in (?`+strings.Repeat(", ?", len(ids)-1)+`)`, args, func(scan scan) error {
		var c Called
		err := scan(&c.FlowID, &c.Name, &c.Alias, &c.On, &c.Version, document{&c.Doc})
		found[c.FlowID] = c
		return err
	})
	return found, failed("read called flows", err)
}
