package store

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
)

// scan is what rows and single rows have in common.
type scan func(into ...any) error

// asked is a query as the database wants it. Queries are few and constant.
type asked struct {
	text string
	runs bool // it asks about runs
}

// rebind writes placeholders as the database wants them.
func (s *Store) rebind(query string) asked {
	if q, ok := s.rebound.Load(query); ok {
		return q.(asked)
	}
	q := asked{sqlx.Rebind(s.dialect.bind, query), aboutRuns.MatchString(query)}
	s.rebound.Store(query, q)
	return q
}

var aboutRuns = regexp.MustCompile(`\b(runs|history)\b`)

// ready is the query, once what it asks about is there.
func (s *Store) ready(ctx context.Context, query string) string {
	if s.rebind(query).runs {
		s.settle(ctx)
	}
	return query
}

// row reads one row outside of the writer.
func (s *Store) row(ctx context.Context, query string, args ...any) oneRow {
	return s.rowNow(ctx, s.ready(ctx, query), args...)
}

// rowNow is row without runs that are not written yet.
func (s *Store) rowNow(ctx context.Context, query string, args ...any) oneRow {
	if s.within != nil {
		return oneRow{s, s.within.conn.QueryRowContext(ctx, s.rebind(query).text, clean(args)...)}
	}
	return oneRow{s, s.read.QueryRowContext(ctx, s.rebind(query).text, clean(args)...)}
}

// oneRow is the row of a query. The store notes what is wrong when it cannot be read.
type oneRow struct {
	s *Store
	*sql.Row
}

// Scan is sql.Row.Scan.
func (r oneRow) Scan(into ...any) error {
	err := r.Row.Scan(into...)
	if err != nil && err != sql.ErrNoRows {
		r.s.condition.noted(err)
	}
	return err
}

// each calls f with every row of a query outside of the writer.
func (s *Store) each(ctx context.Context, query string, args []any, f func(scan) error) error {
	return s.eachNow(ctx, s.ready(ctx, query), args, f)
}

// eachNow is each without runs that are not written yet.
func (s *Store) eachNow(ctx context.Context, query string, args []any, f func(scan) error) error {
	ask := s.read.QueryContext
	if s.within != nil {
		ask = s.within.conn.QueryContext
	}
	rows, err := ask(ctx, s.rebind(query).text, clean(args)...)
	if err != nil {
		s.condition.noted(err)
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	if err = rows.Err(); err != nil {
		s.condition.noted(err)
	}
	return err
}

// change commits one statement.
func (s *Store) change(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = s.writer.do(ctx, func(t *tx) (err error) {
		n, err = t.exec(query, args...)
		return err
	})
	return n, err
}

// changeOne is change for a statement that must find its row: none is sql.ErrNoRows.
func (s *Store) changeOne(ctx context.Context, query string, args ...any) error {
	n, err := s.change(ctx, query, args...)
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}

// clean replaces what PostgreSQL does not take in text: zero bytes and broken UTF-8.
// Text comes from callers all over the world; both databases must say the same.
func clean(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			args[i] = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "�"), "�")
		}
	}
	return args
}

// like is the pattern that finds text anywhere, for `like ? escape '\'`.
func like(text string) string { return likeExactly(strings.ToLower(text)) }

func likeExactly(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// page is how many rows a list of at most limit gives.
func page(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 200)
}
