package store

import (
	"context"
	"database/sql"
	"fmt"
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

// CheckLog is what looks at the log of a database before it is opened.
var CheckLog = checkLog
