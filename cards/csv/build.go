package csv

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type buildInput struct {
	List      []any    `json:"list" help:"Objects, or lists of values."`
	Columns   []string `json:"columns" format:"json" placeholder:"[\"id\", \"First name\"]" help:"The names of the values to write, in their order. Left empty, all that the objects have, by the alphabet."`
	Header    bool     `json:"header" label:"First line has names" default:"true" form:"fixed" help:"Write the names of the columns first."`
	Delimiter string   `json:"delimiter" default:"comma" options:"comma=Comma|semicolon=Semicolon|tab=Tab|pipe=Vertical bar" form:"fixed" help:"What stands between two values."`
	Quotes    string   `json:"quotes" default:"needed" options:"needed=Where they are needed|all=Around every value" form:"advanced,fixed" help:"Which values stand in double quotes."`
	Ends      string   `json:"line_ends" label:"Line ends" default:"crlf" options:"crlf=CR LF, as RFC 4180 has it|lf=LF" form:"advanced,fixed" help:"How a line ends."`
	Safe      bool     `json:"safe" label:"Safe for spreadsheets" form:"advanced,fixed" help:"Put ' before text that a spreadsheet would run as a formula: what begins with =, +, - or @."`
}

type buildOutput struct {
	Text string `json:"text" help:"The CSV text."`
}

// Build writes CSV.
var Build = cards.NewFunction(cards.Spec{
	Name:     "csv.build",
	Title:    "CSV Build",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "table",
	Summary:  "Makes CSV text of a list.",
	Doc: "Writes a line for each item of a list (RFC 4180). **Text to File** makes a file of it.\n\n" +
		"- Numbers keep their digits, null is empty. Lists and objects in a value are written as JSON.\n" +
		"- Turn on **Safe for spreadsheets** when people will open values that strangers wrote.\n" +
		"- The list may have 1,000,000 items, the text may be 10 MiB long.",
	Keywords: []string{"csv", "tsv", "write", "table", "excel", "export", "rows", "spreadsheet"},
	Examples: []cards.Example{{
		Title: "Objects",
		In: schema.Values{"list": []any{schema.Values{"id": 1, "name": "Maya, the first"}, schema.Values{"id": 2, "note": `said "hi"`}},
			"columns": []any{"id", "name", "note"}},
		Out: schema.Values{"text": "id,name,note\r\n1,\"Maya, the first\",\r\n2,,\"said \"\"hi\"\"\"\r\n"},
	}, {
		Title: "Lists, for a spreadsheet",
		In:    schema.Values{"list": []any{[]any{1, "=SUM(A1)"}, []any{-2.5, []any{1}}}, "delimiter": "semicolon", "line_ends": "lf", "safe": true},
		Out:   schema.Values{"text": "1;'=SUM(A1)\n-2.5;[1]\n"},
	}, {
		Title: "Something that is no line",
		In:    schema.Values{"list": []any{schema.Values{"id": 1}, "two"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in buildInput) (buildOutput, error) {
	if in.List == nil {
		return buildOutput{}, problem("list", "must be a list, got nothing; an empty list is []")
	}
	if err := bounds.CheckItems("list", len(in.List)); err != nil {
		return buildOutput{}, err
	}
	w := writer{delimiter: string(delimiters[in.Delimiter]), end: "\r\n", all: in.Quotes == "all", safe: in.Safe}
	if in.Ends == "lf" {
		w.end = "\n"
	}
	columns := in.Columns
	if len(columns) == 0 {
		columns = columnsOf(in.List)
	}
	if in.Header && len(columns) > 0 {
		names := make([]any, len(columns))
		for i, c := range columns {
			names[i] = c
		}
		if err := w.row("columns", names); err != nil {
			return buildOutput{}, err
		}
	}
	for i, item := range in.List {
		at := fmt.Sprintf("list.%d", i)
		row, isList := item.([]any)
		if object, isObject := item.(map[string]any); isObject {
			row = make([]any, len(columns))
			for j, name := range columns {
				row[j] = object[name]
			}
		} else if !isList {
			return buildOutput{}, problem(at, "must be an object or a list of values, got "+schema.Describe(item))
		}
		if err := w.row(at, row); err != nil {
			return buildOutput{}, err
		}
	}
	return buildOutput{w.String()}, nil
})

// columnsOf lists all names of the objects, by the alphabet.
func columnsOf(list []any) []string {
	names := map[string]bool{}
	for _, item := range list {
		object, _ := item.(map[string]any)
		for name := range object {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

type writer struct {
	strings.Builder
	delimiter, end string
	all, safe      bool
	endless        bool // whoever takes the text bounds it
}

func (w *writer) row(field string, row []any) error {
	for i, v := range row {
		if i > 0 {
			w.WriteString(w.delimiter)
		}
		text, isText := v.(string)
		if !isText && v != nil {
			var ok bool
			if text, ok = schema.ToText(v); !ok {
				data, err := schema.EncodeJSON(v)
				if err != nil {
					return problem(field, "cannot be written: "+err.Error())
				}
				text = string(data)
			}
		}
		if isText && w.safe && text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
			text = "'" + text
		}
		alone := len(row) == 1 && text == "" // else the line would be empty, and lost
		if w.all || alone || strings.ContainsAny(text, "\"\r\n"+w.delimiter) || text != strings.TrimSpace(text) {
			text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		w.WriteString(text)
	}
	w.WriteString(w.end)
	if w.endless {
		return nil
	}
	return bounds.CheckText("text", w.Len())
}
