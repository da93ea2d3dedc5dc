package table

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// importedAtOnce is how many rows one transaction takes.
const importedAtOnce = 500

// Imported is what an import has done.
type Imported struct{ Added, Changed int64 }

// Import writes rows some at a time. Key is as cards.Tables has it. The error of a row
// names its line, and how many rows were written before it.
func Import(ctx context.Context, tables cards.Tables, id, key string, writes []cards.RowWrite, lines []int) (done Imported, err error) {
	for part := 0; len(writes) > 0; part++ {
		n := min(len(writes), importedAtOnce)
		at := ""
		if key != "" {
			at = key + "#" + strconv.Itoa(part)
		}
		rows, err := tables.WriteRows(ctx, id, at, writes[:n])
		if err != nil {
			return done, atLine(err, lines, done)
		}
		for _, r := range rows {
			if r.New {
				done.Added++
			} else {
				done.Changed++
			}
		}
		writes, lines = writes[n:], lines[n:]
	}
	return done, nil
}

// atLine says in which line a write failed.
func atLine(err error, lines []int, done Imported) error {
	var at *cards.WriteError
	if !errors.As(err, &at) {
		return err
	}
	e := *cards.ErrorOf(at.Err)
	e.Message = fmt.Sprintf("line %d: %s", lines[at.Index], e.Message)
	if n := done.Added + done.Changed; n > 0 {
		e.Message += fmt.Sprintf(" (%d rows before it are in the table; import again with Match by to go on)", n)
	}
	return &e
}

type importInput struct {
	tableInput
	File      any    `json:"file" help:"A CSV file from another card. Its first line has the names of columns."`
	Text      string `json:"text" format:"multiline" help:"Or CSV text, when there is no file."`
	MatchBy   string `json:"match_by" label:"Match by" format:"key_column" help:"The unique column by which rows that are there are changed. Left empty, every line is a new row."`
	Bad       string `json:"bad_rows" label:"Lines that do not fit" default:"stop" options:"stop=Fail, and import nothing|skip=Leave them out, and list them" form:"fixed" help:"What a line means whose values do not fit the columns."`
	Unknown   string `json:"unknown" label:"Names without a column" default:"fail" options:"fail=Fail|ignore=Leave them out" form:"advanced,fixed" help:"What a name in the first line means that no column has."`
	Delimiter string `json:"delimiter" default:"auto" options:"auto=Find out|comma=Comma|semicolon=Semicolon|tab=Tab|pipe=Vertical bar" form:"advanced,fixed" help:"What stands between two values."`
}

type importOutput struct {
	Imported int64 `json:"imported" help:"How many rows were added or changed."`
	Added    int64 `json:"added" help:"How many of them are new."`
	Changed  int64 `json:"changed" help:"How many of them were there."`
	Skipped  int64 `json:"skipped" help:"How many lines were left out."`
	Problems []any `json:"problems" help:"What was wrong with them: line, column and message, at most 100."`
}

// text is the CSV text of the file, or the text that was given.
func (in importInput) text() (string, error) {
	if in.File == nil || in.File == "" {
		return in.Text, nil
	}
	f, err := schema.FileOf(in.File)
	if err != nil {
		return "", schema.Problems{{Field: "file", Message: err.Error()}}
	}
	return string(f.Data), nil
}

// ImportCSV adds the lines of CSV to a table.
var ImportCSV = writes(cards.Spec{
	Name:    "table.import_csv",
	Title:   "Import from CSV",
	Icon:    "file-up",
	Summary: "Adds the lines of a CSV file to a table, or changes the rows that are there.",
	Doc: "The names in the first line are the names or keys of columns; every other line is a row.\n\n" +
		"- All lines are checked before the first is written: one that does not fit fails the card with its line and column, or is left out and listed.\n" +
		"- With **Match by**, a line changes the row that has the same value in that unique column.\n" +
		"- Rows are written 500 at a time. The text may be 50 MiB long. A repeated step writes no row twice.",
	Keywords: []string{"csv", "load", "upload", "spreadsheet", "bulk", "file"},
	Examples: []cards.Example{{
		Title: "Two people",
		In:    schema.Values{"table": exampleTable, "text": "Email,Name,Age\nx@example.com,Xu,20\ny@example.com,Yao,\n"},
		Out:   schema.Values{"imported": 2, "added": 2, "changed": 0, "skipped": 0},
	}, {
		Title: "Changing who is there, leaving out what does not fit",
		In:    schema.Values{"table": exampleTable, "text": "email,name,age\nmaya@example.com,Maya,40\nz@example.com,Zoe,old\n", "match_by": "email", "bad_rows": "skip"},
		Out:   schema.Values{"imported": 1, "changed": 1, "skipped": 1},
	}, {
		Title: "A line that does not fit",
		In:    schema.Values{"table": exampleTable, "text": "email,name,age\nz@example.com,Zoe,old\n"},
		Err:   cards.CodeInvalidInput,
	}, {
		Title: "A quote that is never closed",
		In:    schema.Values{"table": exampleTable, "text": "email,name\n\"z@example.com,Zoe\n"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(ctx context.Context, env cards.Env, in importInput) (out importOutput, err error) {
	t, err := env.Tables.Table(ctx, in.Table)
	if err != nil {
		return out, err
	}
	text, err := in.text()
	if err != nil {
		return out, err
	}
	sheet, err := ReadSheet(text, in.Delimiter)
	if err != nil {
		return out, err
	}
	keys := sheet.Guess(t)
	for i, key := range keys {
		if key == "" && in.Unknown == "fail" {
			return out, schema.Problems{{Field: "text", Message: fmt.Sprintf("line 1: %q is no column of %s", sheet.Names[i], t.Name)}}
		}
	}
	list, lines, wrong := sheet.Writes(t, keys, in.MatchBy, 100)
	if len(wrong) > 0 && in.Bad == "stop" {
		words := make([]string, min(len(wrong), 5))
		for i := range words {
			words[i] = wrong[i].String()
		}
		return out, schema.Problems{{Field: "text", Message: fmt.Sprintf("%d of %d lines do not fit: %s", sheet.Rows()-len(list), sheet.Rows(), strings.Join(words, "; "))}}
	}
	for _, p := range wrong {
		out.Problems = append(out.Problems, schema.Values{"line": int64(p.Line), "column": p.Column, "message": p.Message})
	}
	done, err := Import(ctx, env.Tables, in.Table, env.Key, list, lines)
	out.Added, out.Changed, out.Imported, out.Skipped = done.Added, done.Changed, done.Added+done.Changed, int64(sheet.Rows()-len(list))
	return out, err
})
