package table

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type createInput struct {
	tableInput
	Values schema.Values `json:"values" label:"Columns" format:"new_columns" help:"A value for each column. What is left empty gets the column's default."`
}

type writtenOutput struct {
	RowID   string `json:"row_id" label:"Row ID" help:"The id of the row."`
	Created string `json:"created" help:"When the row was made."`
	Updated string `json:"updated" help:"When it was last changed."`
}

func written(w cards.Written) writtenOutput {
	v := cards.Row{ID: w.ID, Created: w.Created, Updated: w.Updated}.Flat(cards.Table{})
	created, _ := v[cards.RowCreated].(string)
	updated, _ := v[cards.RowUpdated].(string)
	return writtenOutput{w.ID, created, updated}
}

// CreateRow adds a row.
var CreateRow = writes(cards.Spec{
	Name:    "table.create_row",
	Title:   "Create Row",
	Icon:    "circle-plus",
	Summary: "Adds a row to a table.",
	Doc: "Adds one row and puts out its id.\n\n" +
		"- Values are converted to the types of their columns; one that does not fit fails the card, with the column's name.\n" +
		"- A value that a unique column has already fails the card with `not_unique`; **Upsert Row** changes the row that has it instead.\n" +
		"- A run that goes on after a crash does not add the row a second time.",
	Keywords: []string{"insert", "add", "new", "write", "save"},
	Examples: []cards.Example{{
		Title: "A person",
		In:    schema.Values{"table": exampleTable, "values": schema.Values{"email": "new@example.com", "name": "New", "age": "41"}},
		Out:   schema.Values{"row_id": "row_4"},
	}, {
		Title: "A value that is no number",
		In:    schema.Values{"table": exampleTable, "values": schema.Values{"name": "New", "age": "many"}},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "An address that another row has",
		In:    schema.Values{"table": exampleTable, "values": schema.Values{"name": "Maya", "email": "maya@example.com"}},
		Err:   cards.CodeNotUnique,
	}},
}, func(ctx context.Context, env cards.Env, in createInput) (writtenOutput, error) {
	done, err := env.Tables.WriteRows(ctx, in.Table, env.Key, []cards.RowWrite{{Values: in.Values}})
	if err != nil {
		return writtenOutput{}, below("values", err)
	}
	return written(done[0]), nil
})
