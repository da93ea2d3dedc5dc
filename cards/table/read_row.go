package table

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type readInput struct {
	rowInput
	Missing string `json:"missing" label:"When it is not there" default:"fail" options:"fail=Fail|empty=Go on with an empty row" form:"advanced,fixed" help:"What a row that is not there means."`
}

type readOutput struct {
	Row   map[string]any `json:"row" help:"The row: its columns, and row_id, created and updated."`
	Found bool           `json:"found" help:"Whether it is there."`
}

// ReadRow reads one row.
var ReadRow = reads(cards.Spec{
	Name:    "table.read_row",
	Title:   "Read Row",
	Summary: "Reads the row of a table that has an id.",
	Doc: "Puts out one row. **Search Rows** finds rows by what is in them.\n\n" +
		"- A row that is not there fails the card with `no_row`, or gives an empty row.\n" +
		"- Every column is there; an empty cell is null.",
	Keywords: []string{"get", "fetch", "lookup", "read"},
	Examples: []cards.Example{{
		Title: "Somebody",
		In:    schema.Values{"table": exampleTable, "row_id": "row_1"},
		Out:   schema.Values{"found": true},
	}, {
		Title: "Nobody, and that is fine",
		In:    schema.Values{"table": exampleTable, "row_id": "row_99", "missing": "empty"},
		Out:   schema.Values{"found": false, "row": schema.Values{}},
	}, {
		Title: "A row that there is not",
		In:    schema.Values{"table": exampleTable, "row_id": "row_99"},
		Err:   cards.CodeNoRow,
	}},
}, func(ctx context.Context, env cards.Env, in readInput) (readOutput, error) {
	t, err := env.Tables.Table(ctx, in.Table)
	if err != nil {
		return readOutput{}, err
	}
	r, err := env.Tables.Row(ctx, in.Table, in.RowID)
	switch {
	case err == nil:
		return readOutput{r.Flat(t), true}, nil
	case in.Missing == "empty" && cards.ErrorOf(err).Code == cards.CodeNoRow:
		return readOutput{}, nil
	}
	return readOutput{}, err
})
