package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"flowdeck/cards"
	"flowdeck/flows"
)

// rowsAtOnce is how many rows one query reads: no query is open for longer than that takes.
const rowsAtOnce = 1000

const rowColumns = `id, created, updated, body`

func scanRow(scan scan) (r cards.Row, err error) {
	var body string
	if err = scan(&r.ID, instant{&r.Created}, instant{&r.Updated}, &body); err == nil {
		r.Values, err = decode(body)
	}
	return r, err
}

// Row implements cards.Tables.
func (s *Store) Row(ctx context.Context, table, row string) (cards.Row, error) {
	r, err := scanRow(s.row(ctx, `select `+rowColumns+` from table_rows where table_id = ? and id = ?`, table, row).Scan)
	return r, failed("read row "+row, noRow(err, row))
}

func noRow(err error, id string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &cards.Error{Code: cards.CodeNoRow, Message: "the table has no row with the id " + shortened(id), Err: flows.ErrNotFound}
	}
	return err
}

func shortened(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}

// EachRow implements cards.Tables.
func (s *Store) EachRow(ctx context.Context, table string, q cards.RowQuery, f func(cards.Row) error) error {
	x, err := s.Table(ctx, table)
	if err != nil {
		return err
	}
	if _, err := s.sorting(x, q); err != nil {
		return err
	}
	switch {
	case q.Key != "":
		err = s.keyedRow(ctx, x, q, f)
	case q.Sort != "" && (q.Sort != cards.RowCreated || q.Descending || q.Match != nil):
		err = s.sortedRows(ctx, x, q, f)
	default:
		err = s.rowsInOrder(ctx, x, q, f)
	}
	return failed("read rows of "+table, err)
}

// rowsInOrder goes through the rows in the order in which they were made.
func (s *Store) rowsInOrder(ctx context.Context, x cards.Table, q cards.RowQuery, f func(cards.Row) error) error {
	skip, left := q.Offset, q.Limit
	after := ""
	if q.Match == nil && skip > 0 { // the index alone knows where to begin
		err := s.row(ctx, `select id from table_rows where table_id = ? order by id limit 1 offset ?`, x.ID, skip-1).Scan(&after)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		skip = 0
	}
	return s.scanRows(ctx, x.ID, after, q, func(r cards.Row) error {
		if skip > 0 {
			skip--
			return nil
		}
		if err := f(r); err != nil {
			return err
		}
		if left--; left == 0 {
			return errEnough
		}
		return nil
	})
}

// scanRows calls f with every row after an id that fits, until f has seen enough.
func (s *Store) scanRows(ctx context.Context, table, after string, q cards.RowQuery, f func(cards.Row) error) error {
	limit := int64(rowsAtOnce)
	if q.Match == nil && q.Limit > 0 {
		limit = min(limit, q.Limit)
	}
	for {
		n := int64(0)
		var page []cards.Row
		err := s.each(ctx, `select `+rowColumns+` from table_rows where table_id = ? and id > ? order by id limit ?`, []any{table, after, limit}, func(scan scan) error {
			r, err := scanRow(scan)
			if err != nil {
				return err
			}
			n++
			after = r.ID
			if q.Match != nil {
				if fits, err := q.Match(r); err != nil || !fits {
					return err
				}
			}
			page = append(page, r)
			return nil
		})
		if err != nil {
			return err
		}
		for _, r := range page { // the query is over: f may take its time
			if err := f(r); errors.Is(err, errEnough) {
				return nil
			} else if err != nil {
				return err
			}
		}
		if n < limit {
			return nil
		}
	}
}

// keyedRow finds the one row that a unique column leads to.
func (s *Store) keyedRow(ctx context.Context, x cards.Table, q cards.RowQuery, f func(cards.Row) error) error {
	if q.Offset > 0 {
		return nil
	}
	c, _ := x.Column(q.Key)
	r, err := scanRow(s.row(ctx, `select r.id, r.created, r.updated, r.body from table_keys k join table_rows r on r.table_id = k.table_id and r.id = k.row_id
		where k.table_id = ? and k.col = ? and k.content = ?`, x.ID, q.Key, uniqueKey(c, q.Value)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && q.Match != nil {
		var fits bool
		if fits, err = q.Match(r); err == nil && !fits {
			return nil
		}
	}
	if err != nil {
		return err
	}
	if err = f(r); errors.Is(err, errEnough) {
		err = nil
	}
	return err
}
