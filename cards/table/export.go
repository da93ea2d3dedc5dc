package table

import (
	"context"
	"strconv"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/csv"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type exportInput struct {
	tableInput
	whereInput
	Filename  string   `json:"filename" label:"File name" default:"table.csv" form:"required" help:"What the file is called."`
	Columns   []string `json:"columns" format:"names" help:"The keys of the columns to write, in their order. Left empty, all of them."`
	Delimiter string   `json:"delimiter" default:"comma" options:"comma=Comma|semicolon=Semicolon|tab=Tab|pipe=Vertical bar" form:"fixed" help:"What stands between two values."`
	Limit     int64    `json:"limit" default:"0" min:"0" form:"advanced" help:"How many rows at most; 0 is all of them."`
	Offset    int64    `json:"offset" default:"0" min:"0" form:"advanced" help:"How many of the rows that fit are left out before."`
	Raw       bool     `json:"raw" label:"Exactly as stored" form:"advanced,fixed" help:"Without it, text that a spreadsheet would run as a formula, which begins with =, +, - or @, gets a ' before it."`
}

type exportOutput struct {
	File map[string]any `json:"file" help:"The file: an object of name, type, size and base64."`
	Rows int64          `json:"rows" help:"How many rows it has."`
}

// ExportCSV makes a file of a table.
var ExportCSV = newExportCSV(pattern.New())

func newExportCSV(compiled *pattern.Cache) cards.Card {
	return reads(cards.Spec{
		Name:    "table.export_csv",
		Title:   "Export to CSV",
		Icon:    "download",
		Summary: "Makes a CSV file of the rows of a table that fit conditions.",
		Doc: "The first line has the names of the columns. **Import from CSV** reads the file again.\n\n" +
			whereDoc +
			"- The columns row_id, created and updated can be named too.\n" +
			"- The file may be 10 MiB long: export a larger table in parts with **Limit** and **Offset**, or from its page.",
		Keywords: []string{"csv", "download", "spreadsheet", "excel", "file", "save"},
		Examples: []cards.Example{{
			Title: "Names and ages",
			In:    schema.Values{"table": exampleTable, "columns": "name, age", "filename": "people.csv", "limit": 2},
			Out: schema.Values{"rows": 2, "file": schema.Values{"name": "people.csv", "type": "text/csv; charset=utf-8", "size": 32,
				"base64": "TmFtZSxBZ2UNCk1heWEsMzkNCidAU2VjcmV0LC01DQo="}},
		}, {
			Title: "A column that there is not",
			In:    schema.Values{"table": exampleTable, "columns": "height", "filename": "x.csv"},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(ctx context.Context, env cards.Env, in exportInput) (out exportOutput, err error) {
		t, err := env.Tables.Table(ctx, in.Table)
		if err != nil {
			return out, err
		}
		q, err := in.query(t, compiled)
		if err != nil {
			return out, err
		}
		keys, names, err := exported(t, in.Columns)
		if err != nil {
			return out, err
		}
		w := csv.NewWriter(in.Delimiter, !in.Raw)
		if err := w.Row(names); err != nil {
			return out, err
		}
		q.Offset, q.Limit = in.Offset, in.Limit
		err = env.Tables.EachRow(ctx, in.Table, q, func(r cards.Row) error {
			out.Rows++
			if err := w.Row(Cells(t, r, keys)); err != nil {
				return err
			}
			return bounds.CheckText("file", w.Len())
		})
		if err == nil {
			out.File = schema.FileValue{Name: in.Filename, Type: "text/csv; charset=utf-8", Data: []byte(w.Take())}.Values()
		}
		return out, err
	})
}

// exported are the keys and the names of the columns to write.
func exported(t cards.Table, asked []string) (keys []string, names []any, err error) {
	if len(asked) == 0 {
		for _, c := range t.Columns {
			keys, names = append(keys, c.Key), append(names, c.Name)
		}
		return keys, names, nil
	}
	for i, key := range asked {
		switch key {
		case cards.RowID, cards.RowCreated, cards.RowUpdated:
			names = append(names, key)
		default:
			c, err := column(t, "columns."+strconv.Itoa(i), key)
			if err != nil {
				return nil, nil, err
			}
			names = append(names, c.Name)
		}
		keys = append(keys, key)
	}
	return keys, names, nil
}

// Cells are the values of a row under keys.
func Cells(t cards.Table, r cards.Row, keys []string) []any {
	flat, cells := r.Flat(t), make([]any, len(keys))
	for i, key := range keys {
		cells[i] = flat[key]
	}
	return cells
}
