package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// WriteRows implements cards.Tables.
func (s *Store) WriteRows(ctx context.Context, table, key string, writes []cards.RowWrite) (done []cards.Written, err error) {
	err = s.once(ctx, key, &done, func(t *tx) error {
		done = make([]cards.Written, 0, len(writes))
		x, err := t.table(table)
		if err != nil {
			return err
		}
		fresh := int64(0)
		for i, w := range writes {
			written, err := t.writeRow(x, w, s.now())
			if err != nil {
				return &cards.WriteError{Index: i, Err: err}
			}
			if written.New {
				fresh++
			}
			done = append(done, written)
		}
		return t.counted(x, fresh)
	})
	var at *cards.WriteError
	if errors.As(err, &at) {
		return nil, err
	}
	return done, failed("write rows of "+table, err)
}

// once runs f in a transaction, unless that was done for the key before: then into, a
// pointer to what f sets, is what it was.
func (s *Store) once(ctx context.Context, key string, into any, f func(*tx) error) error {
	return s.writer.do(ctx, func(t *tx) error {
		if key != "" {
			var before string
			switch err := t.row(`select result from table_writes where write_key = ?`, []any{key}, &before); {
			case err == nil:
				return json.Unmarshal([]byte(before), into)
			case !errors.Is(err, sql.ErrNoRows):
				return err
			}
		}
		if err := f(t); err != nil || key == "" {
			return err
		}
		result, err := json.Marshal(into)
		if err != nil {
			return err
		}
		_, err = t.exec(`insert into table_writes (write_key, created, result) values (?, ?, ?)`, key, micros(s.now()), string(result))
		return err
	})
}

// counted adds to the number of rows, and refuses too many.
func (t *tx) counted(x cards.Table, n int64) error {
	if n == 0 {
		return nil
	}
	if x.Rows+n > cards.MaxRows {
		return &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("%s has %d rows, and a table may have 1,000,000", x.Name, x.Rows)}
	}
	_, err := t.exec(`update tables set row_count = row_count + ? where id = ?`, n, x.ID)
	return err
}

func (t *tx) writeRow(x cards.Table, w cards.RowWrite, now time.Time) (cards.Written, error) {
	id, err := t.target(x, w)
	if err != nil {
		return cards.Written{}, err
	}
	now = now.UTC().Truncate(time.Microsecond)
	if id == "" {
		return t.insertRow(x, w, now)
	}
	r, err := scanRow(func(into ...any) error {
		return t.row(`select `+rowColumns+` from table_rows where table_id = ? and id = ?`+t.dialect.lock, []any{x.ID, id}, into...)
	})
	if err != nil {
		return cards.Written{}, noRow(err, id)
	}
	values, problems := x.Accept(known(x, r.Values), w.Values, w.Empty)
	if problems != nil {
		return cards.Written{}, problems
	}
	body, err := encode(values)
	if err != nil {
		return cards.Written{}, err
	}
	if _, err := t.exec(`update table_rows set updated = ?, body = ? where table_id = ? and id = ?`, micros(now), body, x.ID, id); err != nil {
		return cards.Written{}, err
	}
	return cards.Written{ID: id, Created: r.Created, Updated: now}, t.setKeys(x, id, values)
}

func (t *tx) insertRow(x cards.Table, w cards.RowWrite, now time.Time) (cards.Written, error) {
	values, problems := x.Accept(nil, w.Values, false)
	if problems != nil {
		return cards.Written{}, problems
	}
	body, err := encode(values)
	if err != nil {
		return cards.Written{}, err
	}
	id := NewID("row_")
	if _, err := t.exec(`insert into table_rows (table_id, id, created, updated, body) values (?, ?, ?, ?, ?)`, x.ID, id, micros(now), micros(now), body); err != nil {
		return cards.Written{}, err
	}
	return cards.Written{ID: id, New: true, Created: now, Updated: now}, t.setKeys(x, id, values)
}

// target is the id of the row that a write changes; "" when it makes a new one.
func (t *tx) target(x cards.Table, w cards.RowWrite) (id string, err error) {
	if w.Row != "" || w.Match == "" {
		return w.Row, nil
	}
	c, there := x.Column(w.Match)
	if !there || !c.Unique {
		return "", &cards.Error{Code: cards.CodeInvalidInput, Message: fmt.Sprintf("rows are matched by a unique column, and %q is none of %s; make it unique on the table's page", w.Match, x.Name)}
	}
	form := schema.Form{Fields: []schema.Field{{Name: c.Key, Type: c.Type, Required: true}}}
	v, problems := form.Convert(schema.Values{c.Key: w.Values[c.Key]})
	if problems != nil {
		return "", problems
	}
	err = t.row(`select row_id from table_keys where table_id = ? and col = ? and content = ?`, []any{x.ID, c.Key, uniqueKey(c, v[c.Key])}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// setKeys keeps the unique values of a row.
func (t *tx) setKeys(x cards.Table, row string, v schema.Values) error {
	cleared := false
	for _, c := range x.Columns {
		if !c.Unique {
			continue
		}
		if !cleared {
			if _, err := t.exec(`delete from table_keys where table_id = ? and row_id = ?`, x.ID, row); err != nil {
				return err
			}
			cleared = true
		}
		if v[c.Key] == nil {
			continue
		}
		n, err := t.exec(`insert into table_keys (table_id, col, content, row_id) values (?, ?, ?, ?) on conflict do nothing`, x.ID, c.Key, uniqueKey(c, v[c.Key]), row)
		if err != nil {
			return err
		}
		if n == 0 {
			return &cards.Error{Code: cards.CodeNotUnique, Message: fmt.Sprintf("another row has %s as %s, which must be unique", schema.Describe(v[c.Key]), c.Name),
				Details: schema.Values{"column": c.Key}}
		}
	}
	return nil
}

// uniqueKey is a value as it is compared with others of its column. Dates begin with "@":
// keys of dates that begin otherwise were made before instants were compared.
func uniqueKey(c cards.Column, v any) string {
	s, plain := c.Mark(v)
	if !plain {
		data, err := schema.EncodeJSON(v)
		if err != nil {
			return ""
		}
		s = string(data)
	}
	switch {
	case len(s) > 100:
		sum := sha256.Sum256([]byte(s))
		return "#" + hex.EncodeToString(sum[:])
	case c.Type == schema.Date:
		return "@" + s
	}
	return "=" + s
}
