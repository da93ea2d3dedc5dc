package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"flowdeck/flows"
)

// keepEdits is how far back a user can undo a flow.
const keepEdits = 200

// SaveDraft replaces a flow's draft when its revision is still the one given, lists the
// change for undo, and returns the new revision. Else it gives a *Conflict.
func (s *Store) SaveDraft(ctx context.Context, flowID string, revision int64, doc flows.Document, c Change) (int64, error) {
	id, body, err := encodeDocument(doc)
	if err != nil {
		return 0, fmt.Errorf("save draft: %w", err)
	}
	now := micros(s.now())
	err = s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`update flows set draft = ?, draft_id = ?, trigger_card = ?, steps = ?, updated = ?, updated_by = ?,
			revision = revision + 1, edition = edition + 1 where id = ? and revision = ? and deleted = 0`,
			body, id, doc.Trigger.Card, countSteps(doc), now, c.By, flowID, revision)
		if err == nil && n == 0 {
			return conflict(t, flowID)
		}
		if err == nil {
			if err = setConnections(t, flowID, false, doc); err == nil {
				err = setCalls(t, flowID, false, doc)
			}
		}
		if err == nil {
			err = listEdit(t, flowID, revision+1, now, c)
		}
		return err
	})
	return revision + 1, failed("save draft of flow "+flowID, err)
}

func conflict(t *tx, flowID string) error {
	c := &Conflict{}
	err := t.row(`select revision, updated_by, updated from flows where id = ? and deleted = 0`, []any{flowID},
		&c.Revision, &c.By, instant{&c.At})
	if err != nil {
		return err
	}
	return c
}

func listEdit(t *tx, flowID string, seq, now int64, c Change) (err error) {
	switch {
	case c.Undo != 0:
		return replaceEdit(t, flowID, c.Undo, true, c)
	case c.Redo != 0:
		return replaceEdit(t, flowID, c.Redo, false, c)
	case len(c.Inverse) == 0:
		return nil
	}
	for _, x := range []struct {
		query string
		args  []any
	}{
		{`delete from edits where flow_id = ? and user_id = ? and undone = true`, []any{flowID, c.UserID}},
		{`insert into edits (flow_id, seq, user_id, undone, created, label, edit, inverse) values (?, ?, ?, ?, ?, ?, ?, ?)`,
			[]any{flowID, seq, c.UserID, false, now, c.Label, string(c.Edit), string(c.Inverse)}},
		{`delete from edits where flow_id = ? and user_id = ? and seq <= (
			select seq from edits where flow_id = ? and user_id = ? order by seq desc limit 1 offset ?)`,
			[]any{flowID, c.UserID, flowID, c.UserID, keepEdits}},
	} {
		if err == nil {
			_, err = t.exec(x.query, x.args...)
		}
	}
	return err
}

func replaceEdit(t *tx, flowID string, seq int64, undone bool, c Change) error {
	edit, inverse := string(c.Edit), string(c.Inverse)
	n, err := t.exec(`update edits set undone = ?, edit = case when ? = '' then edit else ? end,
		inverse = case when ? = '' then inverse else ? end where flow_id = ? and seq = ? and user_id = ? and undone = ?`,
		undone, edit, edit, inverse, inverse, flowID, seq, c.UserID, !undone)
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}

// LastEdit returns the change that a user's undo takes back next or, of the undone
// ones, the one that redo does again next. None is flows.ErrNotFound.
func (s *Store) LastEdit(ctx context.Context, flowID, userID string, undone bool) (Edit, error) {
	order := "desc"
	if undone {
		order = "asc"
	}
	e := Edit{FlowID: flowID, UserID: userID, Undone: undone}
	var edit, inverse string
	err := s.row(ctx, `select seq, label, edit, inverse, created from edits
		where flow_id = ? and user_id = ? and undone = ? order by seq `+order+` limit 1`, flowID, userID, undone).
		Scan(&e.Seq, &e.Label, &edit, &inverse, instant{&e.At})
	if errors.Is(err, sql.ErrNoRows) {
		return Edit{}, failed("read undo list", err)
	}
	e.Edit, e.Inverse = json.RawMessage(edit), json.RawMessage(inverse)
	return e, failed("read undo list", err)
}
