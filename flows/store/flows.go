package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"flowdeck/flows"
)

const flowColumns = `id, name, description, labels, alias, is_on, version, versions, document, draft_id, revision, edition,
	created, updated, updated_by, folder, settings, draft`

// CreateFlow stores a new flow with revision 1, unpublished and off. An alias or id that
// exists gives flows.ErrTaken; the id of a deleted flow whose runs are not all gone takes
// that one up again. Created and Updated are now when they are zero.
func (s *Store) CreateFlow(ctx context.Context, f flows.Flow) error {
	r, err := s.encodeFlow(f)
	if err != nil {
		return fmt.Errorf("create flow: %w", err)
	}
	err = s.writer.do(ctx, func(t *tx) error {
		if err := r.insert(t); err != nil {
			return err
		}
		if err := setConnections(t, f.ID, false, f.Draft); err != nil {
			return err
		}
		return setCalls(t, f.ID, false, f.Draft)
	})
	return failed("create flow", err)
}

// Flow returns a flow with its draft.
func (s *Store) Flow(ctx context.Context, id string) (flows.Flow, error) {
	f, _, err := s.flow(ctx, id)
	return f, failed("read flow "+id, err)
}

func (s *Store) flow(ctx context.Context, id string) (flows.Flow, int64, error) {
	return scanFlow(s.row(ctx, `select `+flowColumns+` from flows where id = ? and deleted = 0`, id).Scan)
}

func scanFlow(scan scan) (f flows.Flow, edition int64, err error) {
	var live, draft string
	err = scan(&f.ID, &f.Name, &f.Description, parsed{&f.Labels}, &f.Alias, &f.On, &f.Version, &f.Versions, &live, &draft,
		&f.Revision, &edition, instant{&f.Created}, instant{&f.Updated}, &f.UpdatedBy, &f.Folder, parsed{&f.Settings}, document{&f.Draft})
	f.Changed = live != draft
	return f, edition, err
}

// UpdateFlow lets change alter a flow's Name, Description, Folder, Labels, Alias, On, Settings
// and UpdatedBy, and stores that; nothing else that it alters is kept. It calls change
// again when somebody else wrote meanwhile. An alias that exists gives flows.ErrTaken.
func (s *Store) UpdateFlow(ctx context.Context, id string, change func(*flows.Flow) error) error {
	for {
		f, edition, err := s.flow(ctx, id)
		if err != nil {
			return failed("update flow "+id, err)
		}
		if err := change(&f); err != nil {
			return err
		}
		f.Updated = s.now()
		r, err := s.encodeFlow(f)
		if err != nil {
			return fmt.Errorf("update flow %s: %w", id, err)
		}
		err = s.writer.do(ctx, func(t *tx) error {
			n, err := t.exec(`update flows set name = ?, name_key = ?, description = ?, folder = ?, labels = ?, alias = ?, is_on = ?,
				keep_days = ?, updated = ?, updated_by = ?, search = ?, settings = ?, edition = edition + 1
				where id = ? and edition = ? and deleted = 0`,
				f.Name, r.nameKey, f.Description, f.Folder, r.labels, f.Alias, f.On,
				r.keepDays, micros(f.Updated), f.UpdatedBy, r.search, r.settings, id, edition)
			if err == nil && n == 0 {
				return sql.ErrNoRows
			}
			if err == nil {
				err = switchSchedule(t, id, f.On, micros(f.Updated))
			}
			return err
		})
		s.endpoints.forget()
		s.schedulesChanged()
		if !errors.Is(err, sql.ErrNoRows) {
			return failed("update flow "+id, err)
		}
	}
}

// DuplicateFlow makes an unpublished copy of a flow's draft and settings.
func (s *Store) DuplicateFlow(ctx context.Context, id string, c FlowCopy) error {
	f, err := s.Flow(ctx, id)
	if err != nil {
		return err
	}
	now := s.now()
	return s.CreateFlow(ctx, flows.Flow{
		ID: c.ID, Name: c.Name, Alias: c.Alias, Description: f.Description, Folder: f.Folder, Labels: f.Labels,
		Draft: f.Draft, Settings: f.Settings, Created: now, Updated: now, UpdatedBy: c.By,
	})
}

// DeleteFlow deletes a flow at once for everybody: its alias and its connections are
// free, and nothing of its draft is there when a flow is made with its id again. Runs under way are asked to end. Prune deletes what its runs have left.
func (s *Store) DeleteFlow(ctx context.Context, id string) error {
	err := s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`update flows set deleted = ?, is_on = ?, alias = '/deleted/' || id, edition = edition + 1 where id = ? and deleted = 0`,
			micros(s.now()), false, id)
		if err == nil && n == 0 {
			return sql.ErrNoRows
		}
		for _, query := range []string{
			`delete from flow_connections where flow_id = ?`,
			`delete from flow_tokens where flow_id = ?`,
			`delete from flow_calls where flow_id = ?`,
			`delete from flow_tests where flow_id = ?`,
			`delete from edits where flow_id = ?`,
			`delete from pins where flow_id = ?`,
			`delete from flow_aliases where flow_id = ?`,
			`delete from schedules where flow_id = ?`,
			`delete from run_once where flow_id = ?`,
			`delete from refused_deliveries where flow_id = ?`,
			`update runs set cancel = true where finished = 0 and flow_id = ?`,
		} {
			if err == nil {
				_, err = t.exec(query, id)
			}
		}
		return err
	})
	s.endpoints.forget()
	return failed("delete flow "+id, err)
}

// flowRow is a flow as its columns say it.
type flowRow struct {
	flows.Flow
	labels, settings, draftID, draft, nameKey, search string
	keepDays                                          int64
}

const defaultKeepDays = 30

func (s *Store) encodeFlow(f flows.Flow) (flowRow, error) {
	r := flowRow{Flow: f, nameKey: strings.ToLower(f.Name), keepDays: int64(f.Settings.KeepDays)}
	if r.keepDays <= 0 {
		r.keepDays = defaultKeepDays
	}
	if r.Created.IsZero() {
		r.Created = s.now()
	}
	if r.Updated.IsZero() {
		r.Updated = r.Created
	}
	r.search = strings.ToLower(f.Name + "\n" + f.Alias + "\n" + f.Description)
	var errs [3]error
	r.labels, errs[0] = text(f.Labels)
	r.settings, errs[1] = text(f.Settings)
	r.draftID, r.draft, errs[2] = encodeDocument(f.Draft)
	return r, errors.Join(errs[:]...)
}

func (r flowRow) insert(t *tx) error {
	n, err := t.exec(`insert into flows (id, name, name_key, description, folder, labels, alias, is_on, version, versions, document,
		draft_id, revision, edition, trigger_card, steps, keep_days, created, updated, updated_by, deleted, search, settings, draft)
		values (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '', ?, 1, 1, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
		on conflict (id) do update set name = excluded.name, name_key = excluded.name_key, description = excluded.description,
		folder = excluded.folder, labels = excluded.labels, alias = excluded.alias, is_on = excluded.is_on, version = 0, document = '',
		draft_id = excluded.draft_id, revision = flows.revision + 1, edition = flows.edition + 1, trigger_card = excluded.trigger_card,
		steps = excluded.steps, keep_days = excluded.keep_days, created = excluded.created, updated = excluded.updated,
		updated_by = excluded.updated_by, deleted = 0, search = excluded.search, settings = excluded.settings, draft = excluded.draft
		where flows.deleted > 0`,
		r.ID, r.Name, r.nameKey, r.Description, r.Folder, r.labels, r.Alias, false,
		r.draftID, r.Draft.Trigger.Card, countSteps(r.Draft), r.keepDays, micros(r.Created), micros(r.Updated), r.UpdatedBy,
		r.search, r.settings, r.draft)
	if err == nil && n == 0 {
		err = flows.ErrTaken
	}
	return err
}

// EachFlow calls f with every flow and its draft, by name. f may not use the store.
func (s *Store) EachFlow(ctx context.Context, f func(flows.Flow) error) error {
	return failed("read flows", s.each(ctx, `select `+flowColumns+` from flows where deleted = 0 order by name_key, id`, nil, func(scan scan) error {
		flow, _, err := scanFlow(scan)
		if err != nil {
			return err
		}
		return f(flow)
	}))
}
