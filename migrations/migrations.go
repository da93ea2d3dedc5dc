// Package migrations carries the schema: numbered files that goose runs in order.
// A file that was released is never changed; what comes later gets the next number.
package migrations

import "embed"

// FS holds the migrations. They are one dialect for SQLite and PostgreSQL: text,
// bigint and boolean; ids and times (µs since 1970 UTC, 0 when there is none) made
// in Go; JSON as text that SQL never looks into.
//
//go:embed *.sql
var FS embed.FS
