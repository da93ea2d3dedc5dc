package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
)

// tx is the writer's side of a connection: a transaction at a time, over statements
// that stay prepared. It belongs to one goroutine.
type tx struct {
	dialect  dialect
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	direct   map[string]driver.Stmt // see execRows
	values   []driver.NamedValue    // of execRows
	runs     []any                  // columns of runs that are about to be inserted: see insertWith
	usual    []any                  // of those that have only the usual ones
	blobs    []string               // files that the transaction begins to refer to
	wrote    bool                   // something, since it was last set to false
	broken   bool                   // a statement failed: PostgreSQL takes no more until something is rolled back
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	st, err := t.prepare(query)
	if err != nil {
		return 0, err
	}
	res, err := st.Exec(clean(args)...)
	if err != nil {
		t.broken = true
		return 0, err
	}
	n, err := res.RowsAffected()
	t.wrote = t.wrote || n > 0
	return n, err
}

// execRows is exec for many values of types that drivers take: what database/sql does for
// each of them costs more than to give it to SQLite. PostgreSQL's driver has ways of its own.
func (t *tx) execRows(query string, args []any) error {
	if !t.dialect.direct {
		_, err := t.exec(query, args...)
		return err
	}
	t.values = t.values[:0]
	for i, v := range clean(args) {
		if n, ok := v.(int); ok {
			v = int64(n)
		}
		t.values = append(t.values, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	err := t.conn.Raw(func(conn any) (err error) {
		st, ok := t.direct[query]
		if !ok {
			if st, err = conn.(driver.ConnPrepareContext).PrepareContext(context.Background(), query); err != nil {
				return err
			}
			t.direct[query] = st
		}
		_, err = st.(driver.StmtExecContext).ExecContext(context.Background(), t.values)
		return err
	})
	clear(t.values)
	t.broken, t.wrote = t.broken || err != nil, t.wrote || err == nil
	return err
}

// row scans the one row of a query; none is sql.ErrNoRows.
func (t *tx) row(query string, args []any, into ...any) error {
	st, err := t.prepare(query)
	if err != nil {
		return err
	}
	t.wrote = t.wrote || writes(query)
	err = st.QueryRow(clean(args)...).Scan(into...)
	t.broken = t.broken || err != nil && err != sql.ErrNoRows
	return err
}

// each calls f with every row of a query.
func (t *tx) each(query string, args []any, f func(scan) error) error {
	st, err := t.prepare(query)
	if err != nil {
		return err
	}
	t.wrote = t.wrote || writes(query)
	rows, err := st.Query(clean(args)...)
	if err != nil {
		t.broken = true
		return err
	}
	for err == nil && rows.Next() {
		err = f(rows.Scan)
	}
	if wrong := errors.Join(rows.Close(), rows.Err()); wrong != nil {
		t.broken, err = true, cmp.Or(err, wrong)
	}
	return err
}

func writes(query string) bool { return !strings.HasPrefix(query, "select") }

func (t *tx) prepare(query string) (*sql.Stmt, error) {
	if st, ok := t.prepared[query]; ok {
		return st, nil
	}
	st, err := t.conn.PrepareContext(context.Background(), sqlx.Rebind(t.dialect.bind, query))
	if err != nil {
		t.broken = true
		return nil, err
	}
	t.prepared[query] = st
	return st, nil
}

// begin opens a transaction, on a new connection when the old one has died.
func (t *tx) begin(db *sql.DB) error {
	if t.conn != nil {
		_, err := t.exec(t.dialect.begin)
		if err == nil {
			return nil
		}
		if troubled(err) == Held { // the connection is well; a new one would wait as long again
			return fmt.Errorf("begin: %w", err)
		}
		t.release()
	}
	if err := t.connect(db); err != nil {
		return err
	}
	if _, err := t.exec(t.dialect.begin); err != nil {
		t.release()
		return fmt.Errorf("begin: %w", err)
	}
	return nil
}

func (t *tx) connect(db *sql.DB) error {
	if t.conn != nil {
		return nil
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	t.conn, t.prepared, t.direct = conn, map[string]*sql.Stmt{}, map[string]driver.Stmt{}
	return nil
}

// member runs one member. It returns an error when the whole transaction is spoiled.
func (t *tx) member(m *member, savepoint bool) error {
	if savepoint {
		if _, err := t.exec("savepoint m"); err != nil {
			return err
		}
	}
	t.wrote, t.broken = false, false
	m.err = m.do(t)
	if t.broken && m.err == nil {
		m.err = errSpoiled
	}
	switch {
	case !savepoint && m.err != nil && (t.wrote || t.broken):
		return errSpoiled
	case !savepoint:
		return nil
	case m.err != nil:
		if collided(m.err) {
			return m.err
		}
		if _, err := t.exec("rollback to savepoint m"); err != nil {
			if troubled(m.err) != "" { // SQLite has rolled everything back by itself
				return m.err
			}
			return err
		}
	}
	_, err := t.exec("release savepoint m")
	return err
}

// rollback gives the transaction up; a connection that cannot even do that is given up too.
func (t *tx) rollback() {
	if _, err := t.exec("rollback"); err != nil {
		t.release()
	}
}

// release closes the connection: nobody else gets it in the state that it is in.
func (t *tx) release() {
	for _, st := range t.prepared {
		st.Close()
	}
	if t.conn != nil {
		t.conn.Raw(func(any) error {
			for _, st := range t.direct {
				st.Close()
			}
			return driver.ErrBadConn
		})
		t.conn.Close()
	}
	t.conn, t.prepared, t.direct = nil, nil, nil
}
