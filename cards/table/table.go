// Package table holds the cards that keep rows in the server's own tables.
//
// They know tables only as cards.Env has them: what keeps the rows is elsewhere.
package table

import (
	"context"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

const category = "Tables"

// tableInput is the table that a card works on.
type tableInput struct {
	Table string `json:"table" form:"required" format:"table" help:"The table. Its page says which columns it has."`
}

// rowInput is one row of it.
type rowInput struct {
	tableInput
	RowID string `json:"row_id" label:"Row ID" form:"required" help:"The id of the row, as Create Row or Search Rows gives it."`
}

// reads declares a card that changes nothing.
func reads[In, Out any](s cards.Spec, f func(context.Context, cards.Env, In) (Out, error)) cards.Card {
	s.Changes = func(schema.Values) bool { return false }
	return declare(s, f)
}

// writes declares a card that changes rows. A step that is repeated after a crash finds
// what it has done, so that nothing is written twice.
func writes[In, Out any](s cards.Spec, f func(context.Context, cards.Env, In) (Out, error)) cards.Card {
	s.Changes = func(schema.Values) bool { return true }
	return declare(s, f)
}

func declare[In, Out any](s cards.Spec, f func(context.Context, cards.Env, In) (Out, error)) cards.Card {
	s.Category, s.Family, s.World, s.Idempotent = category, cards.FamilyData, true, true
	if s.Icon == "" {
		s.Icon = "table"
	}
	s.Keywords = append(s.Keywords, "table", "row", "database", "store")
	return cards.NewFunction(s, func(ctx context.Context, env cards.Env, in In) (out Out, err error) {
		if env.Tables == nil {
			return out, &cards.Error{Code: cards.CodeNoTable, Message: "this server keeps no tables"}
		}
		return f(ctx, env, in)
	})
}

// below moves the problems of a row's values below the field that they were given in.
func below(field string, err error) error {
	if at, several := err.(*cards.WriteError); several {
		err = at.Err
	}
	problems, wrong := err.(schema.Problems)
	if !wrong {
		return err
	}
	moved := make(schema.Problems, len(problems))
	for i, p := range problems {
		moved[i] = schema.Problem{Field: field + "." + p.Field, Message: p.Message}
		if p.Field == "" {
			moved[i].Field = field
		}
	}
	return moved
}

// column returns the column that a field names.
func column(t cards.Table, field, key string) (cards.Column, error) {
	c, there := t.Column(key)
	if !there {
		return c, schema.Problems{{Field: field, Message: fmt.Sprintf("%q is no column of %s", key, t.Name)}}
	}
	return c, nil
}

// exampleTable is the table that the examples of cards know.
const exampleTable = "tbl_people"
