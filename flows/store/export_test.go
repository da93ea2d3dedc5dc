package store

import (
	"context"
	"database/sql"
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
