package store

import (
	"context"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// datesAtOnce is how many keys one transaction makes anew.
const datesAtOnce = 1000

// instants makes the keys of dates anew that an older Flowdeck kept as text. Rows that have
// the same instant twice stay, and the second keeps its old key until one of them is changed.
func (s *Store) instants(ctx context.Context) error {
	tables, err := s.Tables(ctx, "", 10_000)
	for _, x := range tables {
		for _, c := range x.Columns {
			if err == nil && c.Unique && c.Type == schema.Date {
				err = s.columnInstants(ctx, x.ID, c)
			}
		}
	}
	return failed("compare dates of tables as instants", err)
}

func (s *Store) columnInstants(ctx context.Context, table string, c cards.Column) error {
	var old []string
	err := s.each(ctx, `select content from table_keys where table_id = ? and col = ? and content like '=%'`, []any{table, c.Key}, func(scan scan) error {
		var content string
		err := scan(&content)
		old = append(old, content)
		return err
	})
	for len(old) > 0 && err == nil {
		n := min(len(old), datesAtOnce)
		err = s.writer.do(ctx, func(t *tx) error { return t.markInstants(table, c, old[:n]) })
		old = old[n:]
	}
	return err
}

func (t *tx) markInstants(table string, c cards.Column, old []string) error {
	for _, content := range old {
		next := uniqueKey(c, strings.TrimPrefix(content, "="))
		if _, err := t.exec(`update table_keys set content = ? where table_id = ? and col = ? and content = ?
			and not exists (select 1 from table_keys o where o.table_id = ? and o.col = ? and o.content = ?)`,
			next, table, c.Key, content, table, c.Key, next); err != nil {
			return err
		}
	}
	return nil
}
