package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/flows"
)

var _ cards.Tables = (*Store)(nil)

const tableColumns = `id, name, description, columns, row_count, revision, created, updated, updated_by`

func scanTable(scan scan) (t cards.Table, err error) {
	err = scan(&t.ID, &t.Name, &t.Description, parsed{&t.Columns}, &t.Rows, &t.Revision, instant{&t.Created}, instant{&t.Updated}, &t.UpdatedBy)
	for i := range t.Columns {
		t.Columns[i].Default = numbers(t.Columns[i].Default)
	}
	return t, err
}

// Tables returns the tables whose name or description has query in it, by name.
func (s *Store) Tables(ctx context.Context, query string, limit int) (list []cards.Table, err error) {
	err = s.each(ctx, `select `+tableColumns+` from tables where deleted = 0 and (name_key like ? escape '\' or lower(description) like ? escape '\')
		order by name_key limit ?`, []any{like(query), like(query), limit}, func(scan scan) error {
		t, err := scanTable(scan)
		list = append(list, t)
		return err
	})
	return list, failed("list tables", err)
}

// TableNames returns the names of the tables that there are among ids.
func (s *Store) TableNames(ctx context.Context, ids []string) (map[string]string, error) {
	names, err := s.names(ctx, `select id, name from tables where deleted = 0 and id in `, ids)
	return names, failed("read names of tables", err)
}

// TablesByID returns the tables that there are among ids.
func (s *Store) TablesByID(ctx context.Context, ids []string) (map[string]cards.Table, error) {
	tables := make(map[string]cards.Table, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), namesAtOnce)
		args := make([]any, namesAtOnce)
		for i := range args {
			args[i] = ids[min(i, n-1)]
		}
		ids = ids[n:]
		err := s.each(ctx, `select `+tableColumns+` from tables where deleted = 0 and id in (?`+strings.Repeat(", ?", namesAtOnce-1)+`)`, args, func(scan scan) error {
			t, err := scanTable(scan)
			tables[t.ID] = t
			return err
		})
		if err != nil {
			return nil, failed("read tables", err)
		}
	}
	return tables, nil
}

// Table implements cards.Tables.
func (s *Store) Table(ctx context.Context, id string) (cards.Table, error) {
	t, err := scanTable(s.row(ctx, `select `+tableColumns+` from tables where id = ? and deleted = 0`, id).Scan)
	return t, failed("read table "+id, noTable(id, err))
}

func (t *tx) table(id string) (x cards.Table, err error) {
	x, err = scanTable(func(into ...any) error {
		return t.row(`select `+tableColumns+` from tables where id = ? and deleted = 0`, []any{id}, into...)
	})
	return x, noTable(id, err)
}

// noTable makes "no row" the error that flows see; it is flows.ErrNotFound too.
func noTable(id string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &cards.Error{Code: cards.CodeNoTable, Message: "the table " + strconv.Quote(id) + " is not on this server (any more)", Err: flows.ErrNotFound}
	}
	return err
}

// CreateTable stores a new table with revision 1. A name that exists, in whatever case,
// gives flows.ErrTaken.
func (s *Store) CreateTable(ctx context.Context, x cards.Table) error {
	columns, err := text(x.Columns)
	if err != nil {
		return fmt.Errorf("create table: %w", err)
	}
	now := micros(s.now())
	err = s.writer.do(ctx, func(t *tx) error {
		var there int64
		if err := t.row(`select count(*) from tables where deleted = 0`, nil, &there); err != nil {
			return err
		}
		if there >= cards.MaxTables {
			return &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("there may be %d tables", cards.MaxTables)}
		}
		_, err := t.exec(`insert into tables (id, name, name_key, description, columns, row_count, revision, created, updated, updated_by, deleted)
			values (?, ?, ?, ?, ?, 0, 1, ?, ?, ?, 0)`, x.ID, x.Name, strings.ToLower(x.Name), x.Description, columns, now, now, x.UpdatedBy)
		return err
	})
	return failed("create table", err)
}

// UpdateTable lets change alter a table's Name, Description and UpdatedBy and stores
// that. It calls change again when somebody else wrote meanwhile.
func (s *Store) UpdateTable(ctx context.Context, id string, change func(*cards.Table) error) error {
	for {
		x, err := s.Table(ctx, id)
		if err != nil {
			return err
		}
		revision := x.Revision
		if err := change(&x); err != nil {
			return err
		}
		err = s.changeOne(ctx, `update tables set name = ?, name_key = ?, description = ?, updated = ?, updated_by = ?, revision = revision + 1
			where id = ? and revision = ? and deleted = 0`, x.Name, strings.ToLower(x.Name), x.Description, micros(s.now()), x.UpdatedBy, id, revision)
		if !errors.Is(err, sql.ErrNoRows) {
			return failed("update table "+id, err)
		}
	}
}

// DeleteTable deletes a table at once for everybody, and then its rows. One that a flow
// uses gives flows.ErrInUse.
func (s *Store) DeleteTable(ctx context.Context, id string) error {
	err := s.writer.do(ctx, func(t *tx) error {
		used, err := t.mentioned(id)
		switch {
		case err != nil:
			return err
		case used:
			return flows.ErrInUse
		}
		return noTable(id, one(t.exec(`update tables set deleted = ?, name_key = '/deleted/' || id where id = ? and deleted = 0`, micros(s.now()), id)))
	})
	if err == nil {
		err = s.dropTable(context.WithoutCancel(ctx), id)
	}
	return failed("delete table "+id, err)
}

// dropTable takes away what is left of a deleted table.
func (s *Store) dropTable(ctx context.Context, id string) error {
	if _, err := s.clearRows(ctx, id); err != nil {
		return err
	}
	_, err := s.change(ctx, `delete from tables where id = ? and deleted > 0`, id)
	return err
}
