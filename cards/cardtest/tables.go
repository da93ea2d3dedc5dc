package cardtest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// people is the one table that examples know. It is in memory and forgets nothing but
// what is deleted; every example gets one of its own.
type people struct {
	table cards.Table
	rows  []cards.Row
	made  int
}

var _ cards.Tables = (*people)(nil)

func newPeople() *people {
	p := &people{table: cards.Table{ID: "tbl_people", Name: "People", Columns: []cards.Column{
		{Key: "email", Name: "Email", Type: schema.Text, Unique: true},
		{Key: "name", Name: "Name", Type: schema.Text, Required: true},
		{Key: "age", Name: "Age", Type: schema.Number},
		{Key: "state", Name: "State", Type: schema.Text, Default: "ACTIVE"},
	}}}
	for _, v := range []schema.Values{
		{"email": "maya@example.com", "name": "Maya", "age": int64(39), "state": "ACTIVE"},
		{"email": "secret@example.com", "name": "@Secret", "age": int64(-5), "state": "ACTIVE"},
		{"email": "ada@example.com", "name": "Ada", "state": "LEFT"},
	} {
		p.add(v)
	}
	return p
}

func (p *people) add(v schema.Values) cards.Row {
	p.made++
	r := cards.Row{ID: fmt.Sprintf("row_%d", p.made), Values: v, Created: Now, Updated: Now}
	p.rows = append(p.rows, r)
	p.table.Rows = int64(len(p.rows))
	return r
}

func (p *people) Table(_ context.Context, id string) (cards.Table, error) {
	if id != p.table.ID {
		return cards.Table{}, &cards.Error{Code: cards.CodeNoTable, Message: "there is no such table"}
	}
	return p.table, nil
}

func (p *people) at(id string) int {
	return slices.IndexFunc(p.rows, func(r cards.Row) bool { return r.ID == id })
}

func (p *people) Row(_ context.Context, _, row string) (cards.Row, error) {
	if i := p.at(row); i >= 0 {
		return p.rows[i], nil
	}
	return cards.Row{}, &cards.Error{Code: cards.CodeNoRow, Message: "there is no such row"}
}

func (p *people) EachRow(_ context.Context, _ string, q cards.RowQuery, f func(cards.Row) error) error {
	rows := slices.Clone(p.rows)
	if c, sorts := p.table.Column(q.Sort); sorts {
		slices.SortStableFunc(rows, func(a, b cards.Row) int {
			if q.Descending && a.Values[c.Key] != nil && b.Values[c.Key] != nil {
				a, b = b, a
			}
			return cards.CompareCells(c.Type, a.Values[c.Key], b.Values[c.Key])
		})
	}
	given := int64(0)
	for _, r := range rows {
		if q.Match != nil {
			if fits, err := q.Match(r); err != nil || !fits {
				if err != nil {
					return err
				}
				continue
			}
		}
		if given++; given <= q.Offset {
			continue
		}
		if err := f(r); err != nil {
			return err
		}
		if given == q.Offset+q.Limit {
			return nil
		}
	}
	return nil
}

func (p *people) WriteRows(_ context.Context, _, _ string, writes []cards.RowWrite) (done []cards.Written, err error) {
	for i, w := range writes {
		one, err := p.write(w)
		if err != nil {
			return nil, &cards.WriteError{Index: i, Err: err}
		}
		done = append(done, one)
	}
	return done, nil
}

func (p *people) write(w cards.RowWrite) (cards.Written, error) {
	i := p.at(w.Row)
	if c, _ := p.table.Column(w.Match); w.Match != "" {
		if !c.Unique {
			return cards.Written{}, &cards.Error{Code: cards.CodeInvalidInput, Message: "the column is not unique"}
		}
		i = slices.IndexFunc(p.rows, func(r cards.Row) bool { return r.Values[w.Match] == w.Values[w.Match] })
	}
	if i < 0 && w.Row != "" {
		return cards.Written{}, &cards.Error{Code: cards.CodeNoRow, Message: "there is no such row"}
	}
	var old schema.Values
	if i >= 0 {
		old = maps.Clone(p.rows[i].Values)
	}
	values, problems := p.table.Accept(old, w.Values, w.Empty)
	if problems != nil {
		return cards.Written{}, problems
	}
	for j, r := range p.rows {
		if j != i && values["email"] != nil && r.Values["email"] == values["email"] {
			return cards.Written{}, &cards.Error{Code: cards.CodeNotUnique, Message: "another row has that email"}
		}
	}
	if i < 0 {
		return cards.Written{ID: p.add(values).ID, New: true, Created: Now, Updated: Now}, nil
	}
	p.rows[i].Values = values
	return cards.Written{ID: p.rows[i].ID, Created: Now, Updated: Now}, nil
}

func (p *people) DeleteRows(_ context.Context, _, _ string, ids []string) (int64, error) {
	before := len(p.rows)
	p.rows = slices.DeleteFunc(p.rows, func(r cards.Row) bool { return slices.Contains(ids, r.ID) })
	return int64(before - len(p.rows)), nil
}

func (p *people) ClearTable(ctx context.Context, id, _ string) (int64, error) {
	if _, err := p.Table(ctx, id); err != nil {
		return 0, err
	}
	n := len(p.rows)
	p.rows = nil
	return int64(n), nil
}
