package csv

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type parseInput struct {
	Text      string `json:"text" format:"multiline" help:"The CSV text; of a file, make text first with File to Text."`
	Header    bool   `json:"header" label:"First line has names" default:"true" form:"fixed" help:"Then every line is an object with these names, otherwise a list."`
	Delimiter string `json:"delimiter" default:"auto" options:"auto=Find out|comma=Comma|semicolon=Semicolon|tab=Tab|pipe=Vertical bar" form:"fixed" help:"What stands between two values."`
	Quote     string `json:"quote" default:"double" options:"double=Double quotes|single=Single quotes|none=None" form:"advanced,fixed" help:"What values with delimiters or line breaks in them stand in."`
	Trim      bool   `json:"trim" form:"advanced,fixed" help:"Leave out white space around values."`
}

type parseOutput struct {
	List    []any    `json:"list" help:"An object for each line, or a list of values."`
	Columns []string `json:"columns" help:"The names, in their order; none without a line of names."`
}

// Parse reads CSV.
var Parse = cards.NewFunction(cards.Spec{
	Name:     "csv.parse",
	Title:    "CSV Parse",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "table",
	Summary:  "Makes a list of CSV text.",
	Doc: "Reads CSV (RFC 4180) with any usual end of line. Values stay text, so that `007` keeps its zeros.\n\n" +
		"- A value in quotes may have delimiters and line breaks in it, and quotes when they are written twice.\n" +
		"- Broken quotes fail the card, and so does a line with more values than there are names; the message names line and column. Values that a line lacks are null, empty lines are left out.\n" +
		"- The text may be 10 MiB long and have 1,000,000 lines and 5,000,000 values.",
	Keywords: []string{"csv", "tsv", "read", "table", "excel", "import", "rows", "spreadsheet"},
	Examples: []cards.Example{{
		Title: "With names",
		In:    schema.Values{"text": "id,name,note\r\n1,\"Maya, the first\",\"said \"\"hi\"\"\"\r\n2,Ada\r\n"},
		Out: schema.Values{"columns": []any{"id", "name", "note"}, "list": []any{
			schema.Values{"id": "1", "name": "Maya, the first", "note": `said "hi"`}, schema.Values{"id": "2", "name": "Ada", "note": nil}}},
	}, {
		Title: "Semicolons, without names",
		In:    schema.Values{"text": "1;1,50\n2;2,75", "header": false},
		Out:   schema.Values{"columns": []any{}, "list": []any{[]any{"1", "1,50"}, []any{"2", "2,75"}}},
	}, {
		Title: "A quote that is never closed",
		In:    schema.Values{"text": "id,name\n1,\"Maya\n2,Ada"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in parseInput) (parseOutput, error) {
	if err := bounds.CheckText("text", len(in.Text)); err != nil {
		return parseOutput{}, err
	}
	if !utf8.ValidString(in.Text) {
		return parseOutput{}, problem("text", "has bytes that are not UTF-8 text; File to Text reads other character sets")
	}
	r := reader{src: strings.TrimPrefix(in.Text, "\ufeff"), quote: map[string]rune{"double": '"', "single": '\''}[in.Quote]}
	if r.delimiter = delimiters[in.Delimiter]; r.delimiter == 0 {
		r.delimiter = guess(r.src, r.quote)
	}
	rows, lines, err := r.rows()
	if err != nil {
		return parseOutput{}, err
	}
	if in.Trim {
		for _, row := range rows {
			for i := range row {
				row[i] = strings.TrimSpace(row[i])
			}
		}
	}
	if !in.Header {
		return parseOutput{List: plain(rows)}, nil
	}
	return named(rows, lines)
})

// plain makes a list of each line.
func plain(rows [][]string) []any {
	list := make([]any, len(rows))
	for i, row := range rows {
		values := make([]any, len(row))
		for j, v := range row {
			values[j] = v
		}
		list[i] = values
	}
	return list
}

// named makes an object of each line but the first.
func named(rows [][]string, lines []int) (parseOutput, error) {
	if len(rows) == 0 {
		return parseOutput{}, nil
	}
	names := rows[0]
	at := make(map[string]int, len(names))
	for i, name := range names {
		before, twice := at[name]
		switch {
		case name == "":
			return parseOutput{}, problem("text", fmt.Sprintf("line %d: column %d has no name; name it, or read the text without names", lines[0], i+1))
		case twice:
			return parseOutput{}, problem("text", fmt.Sprintf("line %d: columns %d and %d have the same name %q; rename one, or read the text without names", lines[0], before+1, i+1, name))
		}
		at[name] = i
	}
	list := make([]any, len(rows)-1)
	for i, row := range rows[1:] {
		if len(row) > len(names) {
			return parseOutput{}, problem("text", fmt.Sprintf("line %d has %d values, and there are %d names; a value with the delimiter in it needs quotes", lines[i+1], len(row), len(names)))
		}
		object := make(schema.Values, len(names))
		for j, name := range names {
			if object[name] = nil; j < len(row) {
				object[name] = row[j]
			}
		}
		list[i] = object
	}
	return parseOutput{list, names}, nil
}
