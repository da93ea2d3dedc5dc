package table

import (
	"fmt"
	"strconv"

	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

// test is a condition that each row is held against.
type test struct {
	Column string `json:"column" form:"required" format:"column" help:"The column that is compared."`
	condition.Operation
	Right any `json:"right" label:"Compared with" help:"Text, a number, or another card's output. Not used by is empty, is true and the like."`
}

type whereInput struct {
	Match      string `json:"match" label:"Rows that fit" default:"all" options:"all=All of the conditions|any=Any of the conditions" form:"fixed" help:"Whether a row has to fit all conditions, or one."`
	Conditions []test `json:"conditions" help:"Which rows; without conditions, every row."`
}

const whereDoc = "- Conditions compare as **If / Else** does: a number and text that is a number as numbers, text exactly. Columns with dates are compared as times.\n"

// query makes the conditions a query, which leads straight to the row where a unique
// column must be equal to something.
func (in whereInput) query(t cards.Table, compiled *pattern.Cache) (cards.RowQuery, error) {
	var q cards.RowQuery
	if len(in.Conditions) == 0 {
		return q, nil
	}
	tests := make([]rowTest, len(in.Conditions))
	for i, c := range in.Conditions {
		x, err := newRowTest(t, i, c)
		if err != nil {
			return q, err
		}
		tests[i] = x
		if c.Operator == "equals" && x.column.Unique && x.exact() && in.Match != "any" && c.Right != nil && c.Right != "" {
			form := schema.Form{Fields: []schema.Field{{Name: c.Column, Type: x.column.Type}}}
			if v, wrong := form.Convert(schema.Values{c.Column: c.Right}); wrong == nil && v[c.Column] != nil {
				q.Key, q.Value = c.Column, v[c.Column]
			}
		}
	}
	any := in.Match == "any"
	q.Match = func(r cards.Row) (bool, error) {
		for _, x := range tests {
			fits, err := x.holds(r, compiled)
			if err != nil || fits == any {
				return fits, err
			}
		}
		return !any, nil
	}
	return q, nil
}

// rowTest is a condition whose column is known.
type rowTest struct {
	at     int
	column cards.Column
	of     func(cards.Row) any
	test
}

func newRowTest(t cards.Table, at int, c test) (x rowTest, err error) {
	x = rowTest{at: at, test: c}
	switch c.Column {
	case cards.RowID:
		x.column, x.of = cards.Column{Type: schema.Text}, func(r cards.Row) any { return r.ID }
	case cards.RowCreated:
		x.column, x.of = cards.Column{Type: schema.Date}, func(r cards.Row) any { return r.Flat(cards.Table{})[cards.RowCreated] }
	case cards.RowUpdated:
		x.column, x.of = cards.Column{Type: schema.Date}, func(r cards.Row) any { return r.Flat(cards.Table{})[cards.RowUpdated] }
	default:
		if x.column, err = column(t, "conditions."+strconv.Itoa(at)+".column", c.Column); err != nil {
			return x, err
		}
		key := x.column.Key
		x.of = func(r cards.Row) any { return r.Values[key] }
	}
	return x, nil
}

func (x rowTest) holds(r cards.Row, compiled *pattern.Cache) (bool, error) {
	left, right := x.of(r), x.Right
	if left == nil && inOrder(x.Operator) {
		return false, nil // an empty cell is neither more nor less than anything
	}
	if x.column.Type == schema.Date && !inText(x.Operator) {
		left, right = asTime(left), x.asTimes(right)
	}
	holds, err := condition.Of(left, x.Operation, right).Holds(compiled)
	if err != nil {
		return false, schema.Problems{{Field: fmt.Sprintf("conditions.%d", x.at), Message: fmt.Sprintf("row %s: %v", r.ID, err)}}
	}
	return holds, nil
}

// exact reports whether values are equal only when they are written the same: dates are in
// several time zones, and text equals a number that it is.
func (x rowTest) exact() bool {
	_, isText := x.Right.(string)
	return x.column.Type != schema.Date && (isText || x.column.Type != schema.Text)
}

// asTimes is asTime, of each where there are several to choose from.
func (x rowTest) asTimes(v any) any {
	if x.Operator != "in" && x.Operator != "not_in" {
		return asTime(v)
	}
	list, isList := condition.Listed(v)
	if !isList {
		return v
	}
	times := make([]any, len(list))
	for i, e := range list {
		times[i] = asTime(e)
	}
	return times
}

// inText reports whether an operator looks for a part of a text.
func inText(operator string) bool {
	switch operator {
	case "contains", "not_contains", "starts_with", "ends_with", "matches":
		return true
	}
	return false
}

func inOrder(operator string) bool {
	switch operator {
	case "greater", "greater_equals", "less", "less_equals", "multiple_of":
		return true
	}
	return false
}

// asTime makes a date a number, so that dates compare whatever zone they are written in.
func asTime(v any) any {
	if at, ok := cards.Moment(v); ok {
		return at.UnixMicro()
	}
	return v
}
