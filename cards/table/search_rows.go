package table

import (
	"context"
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type searchInput struct {
	tableInput
	whereInput
	Result    string `json:"result" label:"Result set" default:"all" options:"all=All rows that fit|first=The first row" form:"fixed" help:"All of them as a list, or only the first."`
	Sort      string `json:"sort" label:"Sort by" format:"column" help:"The column to sort by. Left empty, rows come in the order in which they were made."`
	Direction string `json:"direction" default:"ascending" options:"ascending=Ascending|descending=Descending" form:"fixed" help:"Smallest first, or largest first. Empty cells come last."`
	Limit     int64  `json:"limit" default:"1000" min:"1" max:"10000" help:"How many rows at most."`
	Offset    int64  `json:"offset" default:"0" min:"0" form:"advanced" help:"How many of the rows that fit are left out before."`
}

type searchOutput struct {
	Rows  []any          `json:"rows" help:"The rows, each with its columns and row_id, created and updated."`
	Row   map[string]any `json:"row" label:"First row" help:"The first of them; empty when there is none."`
	Count int64          `json:"count" help:"How many rows are in the list."`
	Found bool           `json:"found" help:"Whether there is any."`
	More  bool           `json:"more" help:"Whether more rows fit than the limit let through."`
}

// SearchRows finds rows.
var SearchRows = newSearchRows(pattern.New())

func newSearchRows(compiled *pattern.Cache) cards.Card {
	return reads(cards.Spec{
		Name:    "table.search_rows",
		Title:   "Search Rows",
		Icon:    "search",
		Summary: "Finds the rows of a table that fit conditions.",
		Doc: "Puts out the rows that fit, sorted, and the first of them by itself.\n\n" +
			whereDoc +
			"- A condition that a unique column equals something finds its row at once, dates excepted; others look through the table.\n" +
			"- One search gives 10,000 rows or 10 MiB at most: read the rest with **Offset**.",
		Keywords: []string{"find", "query", "select", "where", "filter", "lookup", "list"},
		Examples: []cards.Example{{
			Title: "Active people, oldest first",
			In: schema.Values{"table": exampleTable, "conditions": []any{schema.Values{"column": "state", "operator": "equals", "right": "ACTIVE"}},
				"sort": "age", "direction": "descending"},
			Out: schema.Values{"count": 2, "found": true, "more": false},
		}, {
			Title: "The first that fits",
			In:    schema.Values{"table": exampleTable, "conditions": []any{schema.Values{"column": "email", "operator": "equals", "right": "nobody@example.com"}}, "result": "first"},
			Out:   schema.Values{"rows": []any{}, "row": schema.Values{}, "found": false},
		}, {
			Title: "A column that there is not",
			In:    schema.Values{"table": exampleTable, "conditions": []any{schema.Values{"column": "height", "operator": "greater", "right": 2}}},
			Err:   cards.CodeInvalidInput,
		}, {
			Title: "A table that there is not",
			In:    schema.Values{"table": "tbl_none"},
			Err:   cards.CodeNoTable,
		}},
	}, func(ctx context.Context, env cards.Env, in searchInput) (searchOutput, error) {
		out := searchOutput{Rows: []any{}}
		t, err := env.Tables.Table(ctx, in.Table)
		if err != nil {
			return out, err
		}
		q, err := in.query(t, compiled)
		if err != nil {
			return out, err
		}
		limit := in.Limit
		if in.Result == "first" {
			limit = 1
		}
		q.Sort, q.Descending, q.Offset, q.Limit = in.Sort, in.Direction == "descending", in.Offset, limit+1
		size := 0
		err = env.Tables.EachRow(ctx, in.Table, q, func(r cards.Row) error {
			if int64(len(out.Rows)) == limit {
				out.More = true
				return nil
			}
			if size += sizeOf(r.Values); size > cards.MaxFoundBytes {
				return &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("the first %d rows that fit hold more than 10 MiB; ask for fewer with Limit", len(out.Rows)+1)}
			}
			out.Rows = append(out.Rows, r.Flat(t))
			return nil
		})
		if out.Count = int64(len(out.Rows)); out.Count > 0 {
			out.Row, _ = out.Rows[0].(map[string]any)
			out.Found = true
		}
		return out, err
	})
}

// sizeOf is about how many bytes the values of a row hold.
func sizeOf(v any) int {
	n := 16
	switch x := v.(type) {
	case string:
		n += len(x)
	case map[string]any:
		for k, e := range x {
			n += len(k) + sizeOf(e)
		}
	case []any:
		for _, e := range x {
			n += sizeOf(e)
		}
	}
	return n
}
