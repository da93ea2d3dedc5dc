package store

import (
	"container/heap"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// cell is what a row is sorted by.
type cell struct {
	id    string
	value any
}

// order says how two rows stand to each other.
type order struct {
	kind schema.Type
	of   func(cards.Row) any
	desc bool
}

// compare puts nothing last, in either direction, and what is equal in the order in
// which it was made.
func (o order) compare(a, b cell) int {
	n := 0
	switch {
	case a.value == nil || b.value == nil:
		n = cards.CompareCells(o.kind, a.value, b.value)
	case o.desc:
		n = cards.CompareCells(o.kind, b.value, a.value)
	default:
		n = cards.CompareCells(o.kind, a.value, b.value)
	}
	if n == 0 {
		return strings.Compare(a.id, b.id)
	}
	return n
}

// sorting is the order that a query asks for.
func (s *Store) sorting(x cards.Table, q cards.RowQuery) (order, error) {
	o := order{desc: q.Descending}
	switch q.Sort {
	case "", cards.RowID:
		o.kind, o.of = schema.Text, func(r cards.Row) any { return r.ID }
	case cards.RowCreated:
		o.kind, o.of = schema.Number, func(r cards.Row) any { return micros(r.Created) }
	case cards.RowUpdated:
		o.kind, o.of = schema.Number, func(r cards.Row) any { return micros(r.Updated) }
	default:
		c, there := x.Column(q.Sort)
		if !there {
			return o, &cards.Error{Code: cards.CodeInvalidInput, Message: fmt.Sprintf("%s has no column %q to sort by", x.Name, q.Sort)}
		}
		if !c.Sortable() {
			return o, &cards.Error{Code: cards.CodeInvalidInput, Message: fmt.Sprintf("%s holds a %s in each row, which has no order to sort by", c.Name, c.Type)}
		}
		o.kind, o.of = c.Type, func(r cards.Row) any { return r.Values[c.Key] }
	}
	return o, nil
}

// sortedRows reads every row once and keeps no more of it than what it is sorted by,
// of those that may be wanted; then it reads the ones that are.
func (s *Store) sortedRows(ctx context.Context, x cards.Table, q cards.RowQuery, f func(cards.Row) error) error {
	o, err := s.sorting(x, q)
	if err != nil {
		return err
	}
	most := int64(0)
	if q.Limit > 0 {
		most = q.Offset + q.Limit
	}
	first := worst{order: o}
	size := 0
	err = s.scanRows(ctx, x.ID, "", cards.RowQuery{Match: q.Match}, func(r cards.Row) error {
		size += first.add(cell{r.ID, o.of(r)}, most)
		if size > cards.MaxSortBytes {
			return &cards.Error{Code: cards.CodeLimit, Message: "the rows to sort take more than 64 MiB; narrow the search down with conditions, or ask for fewer rows"}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(first.cells, o.compare)
	wanted := first.cells[min(q.Offset, int64(len(first.cells))):]
	for len(wanted) > 0 {
		n := min(len(wanted), namesAtOnce)
		rows, err := s.rowsOf(ctx, x.ID, wanted[:n])
		if err != nil {
			return err
		}
		for _, c := range wanted[:n] {
			r, there := rows[c.id]
			if !there {
				continue // deleted meanwhile
			}
			if err := f(r); err == errEnough {
				return nil
			} else if err != nil {
				return err
			}
		}
		wanted = wanted[n:]
	}
	return nil
}

// rowsOf reads the rows of at most namesAtOnce cells.
func (s *Store) rowsOf(ctx context.Context, table string, cells []cell) (map[string]cards.Row, error) {
	args := make([]any, namesAtOnce+1)
	args[0] = table
	for i := range namesAtOnce {
		args[i+1] = cells[min(i, len(cells)-1)].id
	}
	rows := make(map[string]cards.Row, len(cells))
	err := s.each(ctx, `select `+rowColumns+` from table_rows where table_id = ? and id in (?`+strings.Repeat(", ?", namesAtOnce-1)+`)`, args, func(scan scan) error {
		r, err := scanRow(scan)
		rows[r.ID] = r
		return err
	})
	return rows, err
}

// weight is about how much memory a cell takes.
func weight(c cell) int {
	n := 96
	if s, ok := c.value.(string); ok {
		n += len(s)
	}
	return n
}

// worst is a heap with the row on top that comes last.
type worst struct {
	order
	cells []cell
}

// add takes in a cell and, beyond most of them, gives up the last; it returns by how
// much that weighs more.
func (w *worst) add(c cell, most int64) int {
	if n := int64(len(w.cells)); most == 0 || n < most {
		if w.cells = append(w.cells, c); n+1 == most {
			heap.Init(w)
		}
		return weight(c)
	}
	if w.compare(c, w.cells[0]) > 0 {
		return 0
	}
	more := weight(c) - weight(w.cells[0])
	w.cells[0] = c
	heap.Fix(w, 0)
	return more
}

func (w *worst) Len() int           { return len(w.cells) }
func (w *worst) Less(i, j int) bool { return w.compare(w.cells[i], w.cells[j]) > 0 }
func (w *worst) Swap(i, j int)      { w.cells[i], w.cells[j] = w.cells[j], w.cells[i] }

// Push and Pop are heap's; nothing is ever pushed or popped.
func (w *worst) Push(any) {}
func (w *worst) Pop() any { return nil }

// tablesKept is how long it is remembered what flows wrote.
const tablesKept = 7 * 24 * time.Hour

// pruneTables forgets what flows wrote long ago, and takes away what deleted tables left.
func (s *Store) pruneTables(ctx context.Context, now time.Time, _ *Pruned) error {
	if _, err := s.change(ctx, `delete from table_writes where created < ?`, micros(now.Add(-tablesKept))); err != nil {
		return err
	}
	var left []string
	err := s.each(ctx, `select id from tables where deleted > 0`, nil, func(scan scan) error {
		var id string
		err := scan(&id)
		left = append(left, id)
		return err
	})
	for _, id := range left {
		if err == nil {
			err = s.dropTable(ctx, id)
		}
	}
	return err
}
