package store

import (
	"context"
	"database/sql"
	"fmt"

	"flowdeck/cards"
)

// SetReadOnly has the writer use connections that the database refuses to write by.
func (s *Store) SetReadOnly(yes bool) {
	db := s.write
	if yes {
		var err error
		if db, err = sql.Open("sqlite", "file:"+s.file+"?mode=ro"); err != nil {
			panic(err)
		}
	}
	_ = s.writer.alone(context.Background(), func(t *tx) error {
		t.release()
		s.writer.db = db
		return nil
	})
}

// SetBusyTime is how long the writer waits for a process that holds the database, in ms.
func (s *Store) SetBusyTime(ms int) {
	_ = s.writer.alone(context.Background(), func(t *tx) error { return t.each(fmt.Sprintf("pragma busy_timeout(%d)", ms), nil, ignoreRow) })
}

// OldDateKeys keeps the dates of unique columns as an older Flowdeck did.
func (s *Store) OldDateKeys(ctx context.Context, keys map[string]string) error {
	return s.writer.do(ctx, func(t *tx) error {
		for row, content := range keys {
			if _, err := t.exec(`delete from table_keys where row_id = ?`, row); err != nil {
				return err
			}
			if _, err := t.exec(`insert into table_keys (table_id, col, content, row_id) values ('tbl_1', 'due', ?, ?)`, content, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// CheckLog is what looks at the log of a database before it is opened.
var CheckLog = checkLog

// SetColumnsWhile is SetColumns; meanwhile runs after the rows were read and before they are changed.
func (s *Store) SetColumnsWhile(ctx context.Context, was cards.Table, columns []cards.Column, meanwhile func()) error {
	next := was
	next.Columns = columns
	changed, err := s.fit(ctx, was, next)
	if err != nil {
		return err
	}
	meanwhile()
	return s.putColumns(ctx, next, was.Revision, "Maya", changed)
}

// SetSettingBeside is SetSetting in one transaction with somebody whose query fails in the middle
// of its rows.
func (s *Store) SetSettingBeside(ctx context.Context, name, content, query string) (set, asked error) {
	t := &tx{dialect: s.dialect}
	defer t.release()
	ask := &member{ctx: ctx, done: make(chan struct{}), do: func(t *tx) error { return t.each(query, nil, ignoreRow) }}
	put := &member{ctx: ctx, done: make(chan struct{}), do: func(t *tx) error {
		_, err := t.exec(`insert into settings (name, content, updated) values (?, ?, 0)`, name, content)
		return err
	}}
	s.writer.commit(t, []*member{put, ask})
	return put.err, ask.err
}
