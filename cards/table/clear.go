package table

import (
	"context"

	"flowdeck/cards"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type clearOutput struct {
	Cleared int64 `json:"cleared_rows" label:"Cleared rows" help:"How many rows there were."`
}

// Clear deletes every row.
var Clear = writes(cards.Spec{
	Name:    "table.clear",
	Title:   "Clear Table",
	Icon:    "trash-2",
	Summary: "Deletes every row of a table.",
	Doc: "Empties a table, for good; its columns stay.\n\n" +
		"- Puts out how many rows there were.\n" +
		"- To delete some of them, use **Delete Rows**.",
	Keywords: []string{"empty", "truncate", "delete all", "remove all", "reset"},
	Examples: []cards.Example{{
		Title: "Everybody",
		In:    schema.Values{"table": exampleTable},
		Out:   schema.Values{"cleared_rows": 3},
	}, {
		Title: "A table that there is not",
		In:    schema.Values{"table": "tbl_none"},
		Err:   cards.CodeNoTable,
	}},
}, func(ctx context.Context, env cards.Env, in tableInput) (clearOutput, error) {
	n, err := env.Tables.ClearTable(ctx, in.Table, env.Key)
	return clearOutput{n}, err
})

type countInput struct {
	tableInput
	whereInput
}

type countOutput struct {
	Count int64 `json:"count" help:"How many rows fit."`
}

// CountRows counts rows.
var CountRows = newCountRows(pattern.New())

func newCountRows(compiled *pattern.Cache) cards.Card {
	return reads(cards.Spec{
		Name:    "table.count_rows",
		Title:   "Count Rows",
		Icon:    "hash",
		Summary: "Counts the rows of a table that fit conditions.",
		Doc: "Puts out how many rows fit, or how many there are.\n\n" +
			whereDoc +
			"- Without conditions it answers at once, however large the table is.",
		Keywords: []string{"number", "how many", "size", "length"},
		Examples: []cards.Example{{
			Title: "Everybody",
			In:    schema.Values{"table": exampleTable},
			Out:   schema.Values{"count": 3},
		}, {
			Title: "Who is over 30",
			In:    schema.Values{"table": exampleTable, "conditions": []any{schema.Values{"column": "age", "operator": "greater", "right": 30}}},
			Out:   schema.Values{"count": 1},
		}},
	}, func(ctx context.Context, env cards.Env, in countInput) (out countOutput, err error) {
		t, err := env.Tables.Table(ctx, in.Table)
		if err != nil {
			return out, err
		}
		if len(in.Conditions) == 0 {
			return countOutput{t.Rows}, nil
		}
		q, err := in.query(t, compiled)
		if err != nil {
			return out, err
		}
		err = env.Tables.EachRow(ctx, in.Table, q, func(cards.Row) error { out.Count++; return nil })
		return out, err
	})
}

type readTableOutput struct {
	Name    string `json:"name" help:"What the table is called."`
	Columns []any  `json:"columns" label:"Column schema" help:"The columns: key, name, type, required and unique of each."`
	Rows    int64  `json:"rows" help:"How many rows it has."`
}

// ReadTable says which columns a table has.
var ReadTable = reads(cards.Spec{
	Name:    "table.read_table",
	Title:   "Read Table",
	Icon:    "info",
	Summary: "Says which columns a table has.",
	Doc: "Puts out what is known of a table, not what is in it.\n\n" +
		"- **Column schema** is a list of objects with `key`, `name`, `type`, `required` and `unique`.\n" +
		"- Flows name columns by their key, which stays when a column is renamed.",
	Keywords: []string{"schema", "columns", "describe", "metadata", "info"},
	Examples: []cards.Example{{
		Title: "People",
		In:    schema.Values{"table": exampleTable},
		Out:   schema.Values{"name": "People", "rows": 3},
	}, {
		Title: "A table that there is not",
		In:    schema.Values{"table": "tbl_none"},
		Err:   cards.CodeNoTable,
	}},
}, func(ctx context.Context, env cards.Env, in tableInput) (readTableOutput, error) {
	t, err := env.Tables.Table(ctx, in.Table)
	out := readTableOutput{Name: t.Name, Rows: t.Rows}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, schema.Values{"key": c.Key, "name": c.Name, "type": string(c.Type), "required": c.Required, "unique": c.Unique})
	}
	return out, err
})
