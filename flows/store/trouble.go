package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// TroubleKind says what is wrong with the place where everything is kept.
type TroubleKind string

// The kinds of trouble. All but Lost keep something from being written or read.
const (
	Full     TroubleKind = "disk_full"
	ReadOnly TroubleKind = "read_only"
	Failing  TroubleKind = "disk_failing"
	Damaged  TroubleKind = "damaged"
	Held     TroubleKind = "database_held" // another process does not let go of it
	Away     TroubleKind = "database_away" // it cannot be reached
	Lost     TroubleKind = "changes_lost"  // it works, and the end of its log was not readable at the start
)

// Trouble is what is wrong with the disk or the database, in words for whoever keeps
// the server. It is an error.
type Trouble struct {
	Kind  TroubleKind
	Where string // a file, a folder, or the database; "" when it is not known
	Since time.Time
	Err   error // in the words of the database or the system
}

// Blocks reports whether it keeps something from being written or read.
func (t *Trouble) Blocks() bool { return t.Kind != Lost }

// What says in a sentence what is wrong, and where.
func (t *Trouble) What() string {
	at := ""
	if t.Where != "" {
		at = " (" + t.Where + ")"
	}
	switch t.Kind {
	case Full:
		return "The disk is full" + at + ", so nothing can be kept."
	case ReadOnly:
		return "The database cannot be written" + at + ": the file, its folder or its disk is read-only."
	case Failing:
		return "The disk fails" + at + ": the system could not read or write."
	case Damaged:
		return "A part of the database is damaged" + at + " and cannot be read."
	case Held:
		return "Another process holds the database" + at + ", so nothing can be kept."
	case Away:
		return "The database does not answer" + at + "."
	}
	return "The end of the database's log was damaged when Flowdeck started" + at + ": the last changes before that are not there."
}

// Do says what to do about it.
func (t *Trouble) Do() string {
	switch t.Kind {
	case Full:
		return "Make room; Flowdeck goes on by itself. Runs under way wait, and new calls are refused meanwhile."
	case ReadOnly:
		return "Make it writable for the user that Flowdeck runs as; Flowdeck goes on by itself."
	case Failing:
		return "Look at the system's log for the disk. Flowdeck goes on by itself when it works again."
	case Damaged:
		return "Stop Flowdeck, keep a copy of the data folder, and restore the last backup, or have “sqlite3 flowdeck.db .recover” save what can be read."
	case Held:
		return "Look for a program that has the file open and has begun to write, such as a database shell or a backup; Flowdeck goes on by itself."
	case Away:
		return "Look whether it runs and can be reached; Flowdeck goes on by itself when it is back."
	}
	return "The damaged log was kept as that file. Check what callers and schedules began around that time, then move the file away to end this notice."
}

func (t *Trouble) Error() string {
	text := t.What() + " " + t.Do()
	if t.Err != nil {
		text += " (" + t.Err.Error() + ")"
	}
	return text
}

// Unwrap returns what the database or the system said.
func (t *Trouble) Unwrap() error { return t.Err }

// Quiet is how loud others say that err stopped them: as level, but for trouble of the store, which
// says so itself, once for all.
func Quiet(level slog.Level, err error) slog.Level {
	if told := (*Trouble)(nil); errors.As(err, &told) {
		return slog.LevelDebug
	}
	return level
}

// troubled says what err, of a driver or the system, means for the store; "" when it
// is about what was asked for.
func troubled(err error) TroubleKind {
	var (
		known *Trouble
		l     *sqlite.Error
		p     *pgconn.PgError
		dial  *pgconn.ConnectError
		wire  *net.OpError
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &known):
		return known.Kind
	case errors.As(err, &l):
		return ofSQLite(l.Code() & 0xff)
	case errors.As(err, &p):
		return ofPostgres(p.Code)
	case errors.As(err, &dial):
		return Away
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return Full
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return ReadOnly
	case errors.Is(err, syscall.EIO):
		return Failing
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &wire):
		return Away // the connection broke
	}
	return ""
}

func ofSQLite(code int) TroubleKind {
	switch code {
	case sqlite3.SQLITE_FULL:
		return Full
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ReadOnly
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
		return Failing
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return Held
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return Damaged
	}
	return ""
}

func ofPostgres(code string) TroubleKind {
	switch code {
	case "53100":
		return Full
	case "25006":
		return ReadOnly
	case "58030":
		return Failing
	case "XX001", "XX002":
		return Damaged
	case "57P01", "57P02", "57P03", // it stops, or does not serve yet
		"57P05", "25P03", // it has ended a connection that was idle
		"53300": // others have all the connections that there are
		return Away
	}
	if strings.HasPrefix(code, "08") { // what stands between says that the connection broke
		return Away
	}
	return ""
}

// opened is what err, of opening the database at a path, says to who starts the server.
func opened(dsn string, d dialect, err error) error {
	kind := troubled(err)
	if kind == "" {
		return err
	}
	where := dsn
	if d.writers > 1 {
		where = "" // the address may hold a password
	}
	return fmt.Errorf("%w", &Trouble{Kind: kind, Where: where, Err: err})
}
