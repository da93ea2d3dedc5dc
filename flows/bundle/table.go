package bundle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/store"
)

const (
	tableName   = "table"
	tableFolder = "tables"

	mostTableName = 80 // letters; of a column too
	mostTableText = 500
)

// tableFile is what a table is called and which columns it has. Its rows are data, not
// part of what people made: they travel as CSV.
type tableFile struct {
	Flowdeck    int            `json:"flowdeck"`
	Kind        string         `json:"kind"`
	ID          string         `json:"id,omitempty"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Columns     []cards.Column `json:"columns"`
}

var tableKind = kind{name: tableName, export: exportTables, read: readTable}

func exportTables(ctx context.Context, x *exporting) error {
	list, err := x.Store.Tables(ctx, "", cards.MaxTables)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(t cards.Table) bool { return !x.all && !x.chosen[t.ID] })
	names, ids := make([]string, len(list)), make([]string, len(list))
	for i, t := range list {
		names[i], ids[i] = t.Name, t.ID
	}
	for i, name := range fileNames(names, ids) {
		if err := x.add(tableFolder, name, tableOf(list[i])); err != nil {
			return err
		}
	}
	return nil
}

func tableOf(t cards.Table) tableFile {
	return tableFile{Flowdeck: Format, Kind: tableName, ID: t.ID, Name: t.Name, Description: t.Description, Columns: t.Columns}
}

// tableItem is a table about to be imported.
type tableItem struct {
	src  *source
	file tableFile
	here *cards.Table // nil when there is none yet
	id   string
}

func readTable(_ *Bundle, src *source) item {
	x := &tableItem{src: src}
	if !src.into(&x.file) {
		return nil
	}
	before := len(*src.problems)
	src.checkID(x.file.ID, "tbl_")
	if x.file.Name = strings.TrimSpace(x.file.Name); x.file.Name == "" || utf8.RuneCountInString(x.file.Name) > mostTableName {
		src.fail([]string{"name"}, "must have 1 to %d letters", mostTableName)
	}
	if utf8.RuneCountInString(x.file.Description) > mostTableText {
		src.fail([]string{"description"}, "may have %d letters", mostTableText)
	}
	x.checkColumns()
	if len(*src.problems) > before {
		return nil
	}
	return x
}

func (i *tableItem) checkColumns() {
	if n := len(i.file.Columns); n == 0 || n > cards.MaxColumns {
		i.src.fail([]string{"columns"}, "must be 1 to %d columns, there are %d", cards.MaxColumns, n)
	}
	keys, names := map[string]bool{}, map[string]bool{}
	for n := range i.file.Columns {
		c := &i.file.Columns[n]
		at := []string{"columns", strconv.Itoa(n)}
		if c.Name = strings.TrimSpace(c.Name); c.Name == "" {
			c.Name = c.Key
		}
		name := strings.ToLower(c.Name)
		switch {
		case !cards.ValidColumnKey(c.Key):
			i.src.fail(append(at, "key"), "must be small letters, digits and _, and not %s, %s or %s", cards.RowID, cards.RowCreated, cards.RowUpdated)
		case utf8.RuneCountInString(c.Name) > mostTableName:
			i.src.fail(append(at, "name"), "may have %d letters", mostTableName)
		case keys[c.Key] || names[name]:
			i.src.fail(at, "has the key or the name of a column before it")
		}
		if !slices.ContainsFunc(cards.ColumnTypes(), func(o schema.Option) bool { return o.Value == string(c.Type) }) {
			i.src.fail(append(at, "type"), "is no type that a column can have: %s", schema.Describe(string(c.Type)))
		}
		if c.Default != nil {
			one := schema.Form{Fields: []schema.Field{{Name: "default", Type: c.Type, Members: schema.Form{Open: true}}}}
			v, wrong := one.Convert(schema.Values{"default": c.Default})
			i.src.fields(wrong, at...)
			c.Default = v["default"]
		}
		keys[c.Key], names[name] = true, true
	}
}

func (i *tableItem) key() (kind, id, name string) { return tableName, i.file.ID, i.file.Name }

// plan finds the table by its id, else by its name. A copy takes one that has all the
// columns as it is.
func (i *tableItem) plan(ctx context.Context, x *importing, c *Change) error {
	if x.tables == nil {
		var err error
		if x.tables, err = x.Store.Tables(ctx, "", cards.MaxTables); err != nil {
			return err
		}
	}
	var named *cards.Table
	for n := range x.tables {
		t := &x.tables[n]
		if t.ID == i.file.ID && i.file.ID != "" && !x.options.Copy {
			i.here = t
		}
		if strings.EqualFold(t.Name, i.file.Name) {
			named = t
		}
	}
	here := ""
	if named != nil && !x.options.Copy {
		here = named.ID
	}
	if !x.takeName(i.src, tableName, i.file.ID, i.file.Name, here) {
		return nil
	}
	switch {
	case i.here == nil:
		i.here = named
	case named != nil && named != i.here:
		i.src.fail([]string{"name"}, "belongs to another table here")
		return nil
	}
	i.id, c.Action = i.file.ID, Created
	switch {
	case i.here == nil && (i.id == "" || x.options.Copy):
		i.id = store.NewID("tbl_")
	case i.here != nil && x.options.Copy && !i.fits(*i.here):
		i.src.fail([]string{"name"}, "belongs to a table here that has other columns: rename that one first")
	case i.here != nil && x.options.Copy:
		i.id, c.Action = i.here.ID, Unchanged
	case i.here != nil:
		i.id, c.Action = i.here.ID, Updated
		same, err := i.same()
		if err != nil {
			return err
		}
		if same {
			c.Action = Unchanged
			break
		}
		i.planLoss(c)
		var wrong schema.Problems
		if err := x.Store.CheckColumns(ctx, *i.here, i.file.Columns); errors.As(err, &wrong) {
			for _, p := range wrong {
				i.src.fail([]string{"columns"}, "do not fit a row that is here: %s %s", p.Field, p.Message)
			}
		} else if err != nil {
			return err
		}
	}
	c.ID, x.bound[i.file.ID] = i.id, i.id
	return nil
}

// planLoss says which columns go with their values. A table that is only called the same
// may be quite another one, so that nothing of it is taken out.
func (i *tableItem) planLoss(c *Change) {
	var gone []string
	for _, have := range i.here.Columns {
		if !slices.ContainsFunc(i.file.Columns, func(f cards.Column) bool { return f.Key == have.Key }) {
			gone = append(gone, "“"+have.Name+"”")
		}
	}
	switch names := strings.Join(gone, ", "); {
	case len(gone) == 0 || i.here.Rows == 0:
	case i.here.ID != i.file.ID:
		i.src.fail([]string{"columns"}, "lack %s, which another table of that name here has: add what is missing to the file, or rename one of the tables", names)
	default:
		c.Notes = append(c.Notes, "Takes out "+names+" with the values in its rows.")
	}
}

// fits reports whether a table has all columns of the file.
func (i *tableItem) fits(t cards.Table) bool {
	for _, c := range i.file.Columns {
		if have, ok := t.Column(c.Key); !ok || have.Type != c.Type || have.Unique != c.Unique {
			return false
		}
	}
	return true
}

// same reports whether the table here would make the same file.
func (i *tableItem) same() (bool, error) {
	next := *i.here
	next.Name, next.Description, next.Columns = i.file.Name, i.file.Description, i.file.Columns
	before, err := encode(tableOf(*i.here))
	if err != nil {
		return false, err
	}
	after, err := encode(tableOf(next))
	return bytes.Equal(before, after), err
}

func (i *tableItem) apply(ctx context.Context, x *importing, c *Change) error {
	f := i.file
	if c.Action == Created {
		return x.Store.CreateTable(ctx, cards.Table{ID: i.id, Name: f.Name, Description: f.Description, Columns: f.Columns, UpdatedBy: x.by.Name})
	}
	err := x.Store.UpdateTable(ctx, i.id, func(t *cards.Table) error {
		t.Name, t.Description, t.UpdatedBy = f.Name, f.Description, x.by.Name
		return nil
	})
	if err != nil {
		return err
	}
	now, err := x.Store.Table(ctx, i.id)
	if err != nil {
		return err
	}
	err = x.Store.SetColumns(ctx, i.id, now.Revision, f.Columns, x.by.Name)
	var wrong schema.Problems
	if errors.As(err, &wrong) {
		return fmt.Errorf("its rows do not fit the columns of the file: %w", err)
	}
	return err
}
