package table

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type changeInput struct {
	Values schema.Values `json:"values" label:"Columns" format:"columns" help:"The new values. Columns that are left empty stay as they are."`
	Empty  bool          `json:"update_empty" label:"Empty what is left empty" form:"advanced,fixed" help:"Columns whose value turns out empty are emptied, instead of staying as they are."`
}

type updateInput struct {
	rowInput
	changeInput
}

// UpdateRow changes a row.
var UpdateRow = writes(cards.Spec{
	Name:    "table.update_row",
	Title:   "Update Row",
	Icon:    "pencil",
	Summary: "Changes the row of a table that has an id.",
	Doc: "Changes the columns that have a value and leaves the others as they are.\n\n" +
		"- With **Empty what is left empty**, a column that is filled in and whose value turns out empty is emptied; one that was not filled in at all stays.\n" +
		"- A row that is not there fails the card with `no_row`.",
	Keywords: []string{"change", "edit", "set", "patch", "write"},
	Examples: []cards.Example{{
		Title: "Another state",
		In:    schema.Values{"table": exampleTable, "row_id": "row_1", "values": schema.Values{"state": "LOCKED"}},
		Out:   schema.Values{"row_id": "row_1"},
	}, {
		Title: "A row that there is not",
		In:    schema.Values{"table": exampleTable, "row_id": "row_99", "values": schema.Values{"state": "LOCKED"}},
		Err:   cards.CodeNoRow,
	}},
}, func(ctx context.Context, env cards.Env, in updateInput) (writtenOutput, error) {
	done, err := env.Tables.WriteRows(ctx, in.Table, env.Key, []cards.RowWrite{{Row: in.RowID, Values: in.Values, Empty: in.Empty}})
	if err != nil {
		return writtenOutput{}, below("values", err)
	}
	return written(done[0]), nil
})

type upsertInput struct {
	tableInput
	MatchBy string `json:"match_by" label:"Match by" form:"required" format:"key_column" help:"The unique column that says whether the row is there already."`
	changeInput
}

type upsertOutput struct {
	writtenOutput
	New bool `json:"is_new" label:"Is new" help:"True when the row was added, false when it was changed."`
}

// UpsertRow changes the row that is there, or adds one.
var UpsertRow = writes(cards.Spec{
	Name:    "table.upsert_row",
	Title:   "Upsert Row",
	Icon:    "copy-plus",
	Summary: "Changes the row that has the same value in a unique column, or adds one.",
	Doc: "Looks for the row by a unique column, so that a flow that runs again updates what it wrote before.\n\n" +
		"- Only a unique column can be matched by: the table's page makes one so.\n" +
		"- Columns that are left empty stay as they are, or get their default in a new row.",
	Keywords: []string{"insert or update", "create or update", "merge", "sync", "write"},
	Examples: []cards.Example{{
		Title: "Somebody who is there",
		In:    schema.Values{"table": exampleTable, "match_by": "email", "values": schema.Values{"email": "maya@example.com", "age": 40}},
		Out:   schema.Values{"row_id": "row_1", "is_new": false},
	}, {
		Title: "Somebody new",
		In:    schema.Values{"table": exampleTable, "match_by": "email", "values": schema.Values{"email": "other@example.com", "name": "Other"}},
		Out:   schema.Values{"is_new": true},
	}, {
		Title: "By a column that is not unique",
		In:    schema.Values{"table": exampleTable, "match_by": "name", "values": schema.Values{"name": "Maya"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(ctx context.Context, env cards.Env, in upsertInput) (upsertOutput, error) {
	done, err := env.Tables.WriteRows(ctx, in.Table, env.Key, []cards.RowWrite{{Match: in.MatchBy, Values: in.Values, Empty: in.Empty}})
	if err != nil {
		return upsertOutput{}, below("values", err)
	}
	return upsertOutput{written(done[0]), done[0].New}, nil
})
