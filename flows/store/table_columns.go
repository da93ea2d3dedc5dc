package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// SetColumns gives a table other columns. Rows that do not fit are Problems, at "row_id.key",
// and nothing is changed; at most limit problems are told. Revision is the table's as it was
// seen; another one gives flows.ErrConflict.
func (s *Store) SetColumns(ctx context.Context, id string, revision int64, columns []cards.Column, by string) error {
	for again := columnTries; ; again-- {
		was, err := s.Table(ctx, id)
		if err != nil {
			return err
		}
		next := was
		next.Columns = columns
		changed, err := s.fit(ctx, was, next)
		if err != nil {
			return err
		}
		err = s.putColumns(ctx, next, revision, by, changed)
		if again <= 1 || was.Revision != revision || !errors.Is(err, flows.ErrConflict) {
			return err
		}
	}
}

// columnTries is how often a table is read anew because flows wrote rows of it meanwhile.
const columnTries = 5

// CheckColumns gives the problems that SetColumns would, and changes nothing.
func (s *Store) CheckColumns(ctx context.Context, was cards.Table, columns []cards.Column) error {
	next := was
	next.Columns = columns
	_, err := s.fit(ctx, was, next)
	return err
}

// fit returns the rows that must change for a table to become next.
func (s *Store) fit(ctx context.Context, was, next cards.Table) (changed []cards.Row, err error) {
	if fitted(was, next) {
		return nil, nil
	}
	var problems schema.Problems
	seen := map[string]map[string]string{}
	err = s.EachRow(ctx, was.ID, cards.RowQuery{}, func(r cards.Row) error {
		values, wrong := next.Accept(schema.Values{}, filled(was, next, known(next, r.Values)), false)
		for _, p := range append(wrong, repeated(next, r.ID, values, seen)...) {
			if problems = append(problems, schema.Problem{Field: r.ID + "." + p.Field, Message: p.Message}); len(problems) >= maxColumnProblems {
				return errEnough
			}
		}
		changed = append(changed, cards.Row{ID: r.ID, Updated: r.Updated, Values: values})
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return changed, problems.Err()
}

const maxColumnProblems = 20

var errEnough = errors.New("enough was seen")

// fitted reports whether every row of was is a row of next as it stands.
func fitted(was, next cards.Table) bool {
	if was.Rows == 0 {
		return true
	}
	for _, c := range was.Columns {
		if _, stays := next.Column(c.Key); !stays {
			return false // a column that goes takes its values along
		}
	}
	for _, c := range next.Columns {
		old, there := was.Column(c.Key)
		switch {
		case there && old.Type == c.Type && (old.Required || !c.Required) && (old.Unique || !c.Unique):
		case !there && !c.Required && c.Default == nil && !c.Unique:
		default:
			return false
		}
	}
	return true
}

// filled puts defaults into a row that was made before them: into columns that it could not
// have a value in, or now needs one in. A cell that somebody emptied stays empty.
func filled(was, next cards.Table, v schema.Values) schema.Values {
	for _, c := range next.Columns {
		old, there := was.Column(c.Key)
		if v[c.Key] == nil && c.Default != nil && (!there || c.Required && !old.Required) {
			v[c.Key] = c.Default
		}
	}
	return v
}

// known are the values that next has columns for.
func known(next cards.Table, v schema.Values) schema.Values {
	kept := make(schema.Values, len(v))
	for key, x := range v {
		if _, there := next.Column(key); there {
			kept[key] = x
		}
	}
	return kept
}

// repeated finds values of unique columns that another row has.
func repeated(next cards.Table, row string, v schema.Values, seen map[string]map[string]string) (p schema.Problems) {
	for _, c := range next.Columns {
		if !c.Unique || v[c.Key] == nil {
			continue
		}
		if seen[c.Key] == nil {
			seen[c.Key] = map[string]string{}
		}
		key := uniqueKey(c, v[c.Key])
		if first, there := seen[c.Key][key]; there {
			p = append(p, schema.Problem{Field: c.Key, Message: fmt.Sprintf("has the same value as row %s, so the column cannot be unique", first)})
		}
		seen[c.Key][key] = row
	}
	return p
}

// putColumns stores the columns, the rows that they change, and the keys of all of them.
// It is one transaction: for as long as a table is rewritten nobody sees half of it.
func (s *Store) putColumns(ctx context.Context, x cards.Table, revision int64, by string, rows []cards.Row) error {
	columns, err := text(x.Columns)
	if err != nil {
		return failed("change columns", err)
	}
	bodies := make([]string, len(rows))
	for i, r := range rows {
		if bodies[i], err = encode(r.Values); err != nil {
			return failed("change columns", err)
		}
	}
	err = s.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`update tables set columns = ?, updated = ?, updated_by = ?, revision = revision + 1 where id = ? and revision = ? and row_count = ? and deleted = 0`,
			columns, micros(s.now()), by, x.ID, revision, x.Rows)
		if err == nil && n == 0 {
			if _, err = t.table(x.ID); err == nil {
				return flows.ErrConflict
			}
		}
		if err != nil {
			return err
		}
		if len(rows) > 0 { // a row may have had in a unique column what another one has now
			if _, err := t.exec(`delete from table_keys where table_id = ?`, x.ID); err != nil {
				return err
			}
		}
		for i, r := range rows {
			switch n, err := t.exec(`update table_rows set body = ? where table_id = ? and id = ? and updated = ?`, bodies[i], x.ID, r.ID, micros(r.Updated)); {
			case err != nil:
				return err
			case n == 0: // a flow wrote it since it was read
				return flows.ErrConflict
			}
			if err := t.setKeys(x, r.ID, r.Values); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = flows.ErrNotFound
	}
	return failed("change columns of table "+x.ID, err)
}
