package store

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is all that the two databases do differently: opening, locking and the codes of errors.
type dialect struct {
	goose    goose.Dialect
	begin    string   // opens a transaction that will write
	lock     string   // ends a select whose row this transaction goes on to change
	bind     int      // how sqlx writes placeholders
	writers  int      // how many connections write at the same time
	free     string   // counts the pages that could go back to the disk; "" when the server does that itself
	shrink   string   // gives a few of them back
	scrub    []string // has deleted content overwritten from now on, and no longer
	probe    string   // writes something, and changes nothing
	views    string   // counts views that are called history
	elements string   // takes the list in r.steps apart as j.value
	flush    []string // empties the write-ahead log without waiting long for readers
	direct   bool     // rows go to the driver itself: see execRows
}

var (
	lite = dialect{
		probe: "pragma user_version = 0", goose: goose.DialectSQLite3, begin: "begin immediate", bind: sqlx.QUESTION, writers: 1,
		free: "pragma freelist_count", shrink: "pragma incremental_vacuum(500)",
		elements: "json_each(r.steps) j", views: "select count(*) from sqlite_master where type = 'view' and name = 'history'",
		scrub:  []string{"pragma secure_delete(1)", "pragma secure_delete(fast)"},
		direct: true,
		flush:  []string{"pragma busy_timeout(300)", "pragma wal_checkpoint(truncate)", "pragma busy_timeout(10000)"},
	}
	postgres = dialect{
		probe: "select txid_current()", goose: goose.DialectPostgres, begin: "begin", lock: " for no key update", bind: sqlx.DOLLAR, writers: 4,
		elements: "json_array_elements(r.steps::json) as j(value)",
		views:    "select count(*) from pg_views where viewname = 'history' and schemaname = current_schema()",
	}
)

func dialectOf(dsn string) dialect {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return postgres
	}
	return lite
}

// taken reports whether err is a unique violation.
func taken(err error) bool {
	var l *sqlite.Error
	var p *pgconn.PgError
	switch {
	case errors.As(err, &l):
		return l.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || l.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE
	case errors.As(err, &p):
		return p.Code == "23505"
	}
	return false
}

// collided reports whether err is the database's choice between two transactions: the loser may try again.
func collided(err error) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && (p.Code == "40P01" || p.Code == "40001")
}
