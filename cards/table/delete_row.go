package table

import (
	"context"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type deleteOutput struct {
	Deleted bool `json:"deleted" help:"Whether the row was there."`
}

// DeleteRow deletes one row.
var DeleteRow = writes(cards.Spec{
	Name:    "table.delete_row",
	Title:   "Delete Row",
	Icon:    "trash-2",
	Summary: "Deletes the row of a table that has an id.",
	Doc: "Deletes one row, for good.\n\n" +
		"- A row that is not there is fine: **Deleted** is then false.\n" +
		"- **Delete Rows** deletes by conditions, **Clear Table** everything.",
	Keywords: []string{"remove", "erase"},
	Examples: []cards.Example{{
		Title: "Somebody",
		In:    schema.Values{"table": exampleTable, "row_id": "row_1"},
		Out:   schema.Values{"deleted": true},
	}, {
		Title: "Nobody",
		In:    schema.Values{"table": exampleTable, "row_id": "row_99"},
		Out:   schema.Values{"deleted": false},
	}},
}, func(ctx context.Context, env cards.Env, in rowInput) (deleteOutput, error) {
	n, err := env.Tables.DeleteRows(ctx, in.Table, env.Key, []string{in.RowID})
	return deleteOutput{n > 0}, err
})

type deleteRowsInput struct {
	tableInput
	Match      string `json:"match" label:"Rows that fit" default:"all" options:"all=All of the conditions|any=Any of the conditions" form:"fixed" help:"Whether a row has to fit all conditions, or one."`
	Conditions []test `json:"conditions" form:"required" help:"Which rows. To delete every row, use Clear Table."`
}

type deletedOutput struct {
	Deleted int64 `json:"deleted" help:"How many rows were deleted."`
}

// DeleteRows deletes the rows that fit conditions.
var DeleteRows = newDeleteRows(pattern.New())

// deletedAtOnce is how many rows are deleted together.
const deletedAtOnce = 1000

func newDeleteRows(compiled *pattern.Cache) cards.Card {
	return writes(cards.Spec{
		Name:    "table.delete_rows",
		Title:   "Delete Rows",
		Icon:    "trash-2",
		Summary: "Deletes the rows of a table that fit conditions.",
		Doc: "Deletes every row that fits, for good, and puts out how many there were.\n\n" +
			whereDoc +
			"- Rows are deleted 1,000 at a time. When the card is cut off, those that are gone stay gone.",
		Keywords: []string{"remove", "erase", "where", "condition", "old"},
		Examples: []cards.Example{{
			Title: "Who has left",
			In:    schema.Values{"table": exampleTable, "conditions": []any{schema.Values{"column": "state", "operator": "equals", "right": "LEFT"}}},
			Out:   schema.Values{"deleted": 1},
		}, {
			Title: "Without conditions",
			In:    schema.Values{"table": exampleTable},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(ctx context.Context, env cards.Env, in deleteRowsInput) (out deletedOutput, err error) {
		t, err := env.Tables.Table(ctx, in.Table)
		if err != nil {
			return out, err
		}
		q, err := whereInput{in.Match, in.Conditions}.query(t, compiled)
		if err != nil {
			return out, err
		}
		var ids []string
		flush := func() error {
			n, err := env.Tables.DeleteRows(ctx, in.Table, "", ids)
			out.Deleted, ids = out.Deleted+n, ids[:0]
			return err
		}
		err = env.Tables.EachRow(ctx, in.Table, q, func(r cards.Row) error {
			if ids = append(ids, r.ID); len(ids) < deletedAtOnce {
				return nil
			}
			return flush()
		})
		if err == nil && len(ids) > 0 {
			err = flush()
		}
		if err != nil && out.Deleted > 0 {
			e := *cards.ErrorOf(err)
			e.Message += fmt.Sprintf(" (%d rows were deleted before that)", out.Deleted)
			err = &e
		}
		return out, err
	})
}
