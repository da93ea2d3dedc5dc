package cards

import (
	"fmt"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// Accept returns the values of a row as the columns hold them. Old is the row as it was,
// nil of a new one, which gets the defaults. Blank values leave cells as they are; with
// empty they empty them. The problems are at the keys of columns.
func (t Table) Accept(old, given schema.Values, empty bool) (schema.Values, schema.Problems) {
	var problems schema.Problems
	next := make(schema.Values, len(t.Columns))
	for _, c := range t.Columns {
		v, said := given[c.Key]
		blank := v == nil || v == ""
		switch {
		case said && !blank:
			next[c.Key] = v
		case said && empty:
		case old != nil:
			next[c.Key] = old[c.Key]
		case c.Default != nil:
			next[c.Key] = c.Default
		}
	}
	for key := range given {
		if _, known := t.Column(key); !known {
			problems = append(problems, schema.Problem{Field: key, Message: fmt.Sprintf("is no column of %s", t.Name)})
		}
	}
	out, wrong := t.Form().Convert(next)
	problems = append(problems, wrong...)
	size := 0
	for _, c := range t.Columns {
		n, err := sizeOf(out[c.Key])
		if size += n; err != nil {
			problems = append(problems, schema.Problem{Field: c.Key, Message: "cannot be kept: " + err.Error()})
		} else if n > MaxCell {
			problems = append(problems, schema.Problem{Field: c.Key, Message: fmt.Sprintf("is %d KiB long, and a cell may be 64 KiB long", n>>10)})
		}
	}
	if size > MaxRowSize && len(problems) == 0 {
		problems = append(problems, schema.Problem{Message: fmt.Sprintf("the row is %d KiB long, and a row may be 1 MiB long", size>>10)})
	}
	return out, problems
}

// sizeOf is how many bytes a value takes.
func sizeOf(v any) (int, error) {
	switch x := v.(type) {
	case nil:
		return 0, nil
	case string:
		return len(x), nil
	case map[string]any, []any:
		data, err := schema.EncodeJSON(x)
		return len(data), err
	}
	return 16, nil
}

// CompareCells compares two values of a column's type. Nothing comes after everything.
func CompareCells(kind schema.Type, a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	switch kind {
	case schema.Number:
		order, _ := schema.CompareNumbers(a, b)
		return order
	case schema.Boolean:
		x, y := a == true, b == true
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	case schema.Date:
		x, okX := Moment(a)
		y, okY := Moment(b)
		if okX && okY {
			return x.Compare(y)
		}
	}
	x, _ := schema.ToText(a)
	y, _ := schema.ToText(b)
	return strings.Compare(x, y)
}

// Moment reads a date as flows carry it.
func Moment(v any) (time.Time, bool) {
	s, _ := v.(string)
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// Mark is a value as a unique column compares it: an instant is one, in whatever time zone
// and with whatever fraction it is written. It is false for what is no text of its own.
func (c Column) Mark(v any) (string, bool) {
	if at, ok := Moment(v); ok && c.Type == schema.Date {
		return at.UTC().Format(time.RFC3339Nano), true
	}
	return schema.ToText(v)
}
