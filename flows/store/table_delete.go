package store

import (
	"context"
	"strings"
)

// DeleteRows implements cards.Tables.
func (s *Store) DeleteRows(ctx context.Context, table, key string, ids []string) (gone int64, err error) {
	err = s.once(ctx, key, &gone, func(t *tx) error {
		gone = 0
		if _, err := t.table(table); err != nil {
			return err
		}
		for rest := ids; len(rest) > 0; {
			n := min(len(rest), namesAtOnce)
			args := make([]any, namesAtOnce+1)
			args[0] = table
			for i := range namesAtOnce {
				args[i+1] = rest[min(i, n-1)]
			}
			deleted, err := t.exec(`delete from table_rows where table_id = ? and id in (?`+strings.Repeat(", ?", namesAtOnce-1)+`)`, args...)
			if err != nil {
				return err
			}
			gone, rest = gone+deleted, rest[n:]
		}
		_, err := t.exec(`update tables set row_count = row_count - ? where id = ?`, gone, table)
		return err
	})
	return gone, failed("delete rows of "+table, err)
}

// ClearTable implements cards.Tables.
func (s *Store) ClearTable(ctx context.Context, table, key string) (int64, error) {
	if _, err := s.Table(ctx, table); err != nil {
		return 0, err
	}
	var before int64
	if key != "" {
		if done, err := s.wrote(ctx, key, &before); err != nil || done {
			return before, failed("clear table "+table, err)
		}
	}
	gone, err := s.clearRows(ctx, table)
	if err == nil && key != "" {
		err = s.once(ctx, key, &gone, func(*tx) error { return nil })
	}
	return gone, failed("clear table "+table, err)
}

// wrote reports whether something was done for a key, and reads what it answered.
func (s *Store) wrote(ctx context.Context, key string, into any) (done bool, err error) {
	err = s.each(ctx, `select result from table_writes where write_key = ?`, []any{key}, func(scan scan) error {
		done = true
		return scan(parsed{into})
	})
	return done, err
}

// clearAtOnce is how many rows one transaction deletes: others write in between.
const clearAtOnce = 2000

// clearRows deletes the rows of a table, also of a deleted one.
func (s *Store) clearRows(ctx context.Context, table string) (gone int64, err error) {
	for {
		var n int64
		err := s.writer.do(ctx, func(t *tx) (err error) {
			n, err = t.exec(`delete from table_rows where table_id = ? and id in (select id from table_rows where table_id = ? order by id limit ?)`, table, table, clearAtOnce)
			if err == nil {
				_, err = t.exec(`update tables set row_count = row_count - ? where id = ?`, n, table)
			}
			return err
		})
		gone += n
		if err != nil || n < clearAtOnce {
			return gone, err
		}
	}
}
