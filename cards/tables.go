package cards

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"flowdeck/cards/schema"
)

// Codes of errors that tables have.
const (
	CodeNoTable   = "no_table"
	CodeNoRow     = "no_row"
	CodeNotUnique = "not_unique"
)

// Limits of tables. Everything that goes beyond them is an Error with the code "limit"
// or a problem of the field.
const (
	MaxTables     = 500
	MaxColumns    = 100
	MaxRows       = 1_000_000
	MaxCell       = 64 << 10 // bytes of one cell, as text or as JSON
	MaxRowSize    = 1 << 20  // bytes of one row
	MaxFound      = 10_000   // rows that one search gives
	MaxFoundBytes = 10 << 20
	MaxSortBytes  = 64 << 20 // of what a search is sorted by
)

// Column is one column of a table. Flows name it by Key, which never changes; people
// read Name.
type Column struct {
	Key      string      `json:"key"`
	Name     string      `json:"name"`
	Type     schema.Type `json:"type"`
	Required bool        `json:"required,omitempty"`
	Unique   bool        `json:"unique,omitempty"`
	Default  any         `json:"default,omitempty"` // of a new row
}

// ColumnTypes are the types that a column can have.
var columnTypes = []schema.Option{{Value: "text", Label: "Text"}, {Value: "number", Label: "Number"}, {Value: "boolean", Label: "True/False"},
	{Value: "date", Label: "Date"}, {Value: "object", Label: "Object"}, {Value: "list", Label: "List"}}

// ColumnTypes returns the types that a column can have.
func ColumnTypes() []schema.Option { return columnTypes }

// Sortable reports whether rows can be put in order by the column.
func (c Column) Sortable() bool { return c.Type != schema.Object && c.Type != schema.List }

// Keys of what every row has beside its columns.
const (
	RowID      = "row_id"
	RowCreated = "created"
	RowUpdated = "updated"
)

var columnKey = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,63}$`)

// ValidColumnKey reports whether a column may have that key.
func ValidColumnKey(key string) bool {
	return columnKey.MatchString(key) && key != RowID && key != RowCreated && key != RowUpdated
}

// Table is what a table is called and which columns it has.
type Table struct {
	ID          string
	Name        string
	Description string
	Columns     []Column
	Rows        int64
	Revision    int64 // of all but the rows
	Created     time.Time
	Updated     time.Time
	UpdatedBy   string
}

// Column returns the column of that key.
func (t Table) Column(key string) (Column, bool) {
	for _, c := range t.Columns {
		if c.Key == key {
			return c, true
		}
	}
	return Column{}, false
}

// Form is what the columns ask for.
func (t Table) Form() schema.Form {
	f := schema.Form{Fields: make([]schema.Field, len(t.Columns))}
	for i, c := range t.Columns {
		f.Fields[i] = schema.Field{Name: c.Key, Label: c.Name, Type: c.Type, Required: c.Required, Members: schema.Form{Open: true}}
	}
	return f
}

// Row is one row of a table.
type Row struct {
	ID      string
	Values  schema.Values // by the keys of the columns; empty cells are left out
	Created time.Time
	Updated time.Time
}

// Flat is the row as flows carry it: every column, and row_id, created and updated.
func (r Row) Flat(t Table) schema.Values {
	v := make(schema.Values, len(t.Columns)+3)
	for _, c := range t.Columns {
		v[c.Key] = r.Values[c.Key]
	}
	v[RowID], v[RowCreated], v[RowUpdated] = r.ID, stamp(r.Created), stamp(r.Updated)
	return v
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// RowQuery says which rows are wanted, and in which order.
type RowQuery struct {
	// Match decides row by row; nil: every row.
	Match func(Row) (bool, error)
	// Key and Value narrow the search down to the row whose unique column has that value; "" does not.
	Key   string
	Value any
	// Sort is the key of a column, row_id, created or updated; "" is the order in which rows were made.
	Sort       string
	Descending bool
	Offset     int64
	Limit      int64 // 0: all
}

// RowWrite is a change of one row: of the one with the id Row, of the one that has the
// same value in the unique column Match, or else a new one.
type RowWrite struct {
	Row    string
	Match  string
	Values schema.Values
	// Empty has blank values empty their cells; without it they leave them as they are.
	Empty bool
}

// Written is what a RowWrite did.
type Written struct {
	ID      string    `json:"id"`
	New     bool      `json:"new,omitempty"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// WriteError says which of several writes failed.
type WriteError struct {
	Index int // from 0
	Err   error
}

func (e *WriteError) Error() string { return fmt.Sprintf("row %d: %v", e.Index+1, e.Err) }

// Unwrap returns why.
func (e *WriteError) Unwrap() error { return e.Err }

// Tables are the tables that a server keeps. What has a key is done once for that key:
// said again, it answers what it answered first. A key that is "" is nobody's.
type Tables interface {
	// Table returns a table, or an Error with the code no_table.
	Table(ctx context.Context, id string) (Table, error)
	// Row returns one row, or an Error with the code no_row.
	Row(ctx context.Context, table, row string) (Row, error)
	// EachRow calls f with the rows of a query, holding few of them at a time.
	EachRow(ctx context.Context, table string, q RowQuery, f func(Row) error) error
	// WriteRows makes all the changes, or none of them: then the error is a *WriteError.
	WriteRows(ctx context.Context, table, key string, writes []RowWrite) ([]Written, error)
	// DeleteRows deletes the rows that there are among ids, and says how many.
	DeleteRows(ctx context.Context, table, key string, ids []string) (int64, error)
	// ClearTable deletes every row, and says how many there were.
	ClearTable(ctx context.Context, table, key string) (int64, error)
}
