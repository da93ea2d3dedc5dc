package table

import (
	"fmt"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/csv"
	"flowdeck/cards/schema"
)

// MaxSheet is how long the CSV text of one import may be, in bytes.
const MaxSheet = 50 << 20

// Sheet is CSV text whose first line has names.
type Sheet struct {
	Names []string
	rows  [][]string
	lines []int
}

// LineProblem is what is wrong in a line of a sheet.
type LineProblem struct {
	Line    int
	Column  string // its name; "" when it is about the whole line
	Message string
}

func (p LineProblem) String() string {
	if p.Column == "" {
		return fmt.Sprintf("line %d: %s", p.Line, p.Message)
	}
	return fmt.Sprintf("line %d, %s: %s", p.Line, p.Column, p.Message)
}

// ReadSheet reads CSV text. The error names line and column.
func ReadSheet(text, delimiter string) (Sheet, error) {
	if len(text) > MaxSheet {
		return Sheet{}, &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("text: is %d MiB long, and an import may be 50 MiB long", len(text)>>20)}
	}
	rows, lines, err := csv.Lines(text, delimiter)
	switch {
	case err != nil:
		return Sheet{}, err
	case len(rows) == 0:
		return Sheet{}, schema.Problems{{Field: "text", Message: "has no line with the names of columns"}}
	}
	return Sheet{Names: rows[0], rows: rows[1:], lines: lines[1:]}, nil
}

// Rows is how many rows the sheet has.
func (s Sheet) Rows() int { return len(s.rows) }

// Row returns the values of a row.
func (s Sheet) Row(i int) []string { return s.rows[i] }

// Line is the number of the line that a row begins in.
func (s Sheet) Line(i int) int { return s.lines[i] }

// Guess finds for every name the key of the column that is meant, "" when there is none.
func (s Sheet) Guess(t cards.Table) []string {
	keys, taken := make([]string, len(s.Names)), map[string]bool{}
	for i, name := range s.Names {
		name = strings.ToLower(strings.TrimSpace(name))
		for _, c := range t.Columns {
			if !taken[c.Key] && (name == c.Key || name == strings.ToLower(c.Name)) {
				keys[i] = c.Key
				taken[c.Key] = true
				break
			}
		}
	}
	return keys
}

// Writes makes a write of every line, by the keys that its values go to. The lines that
// do not fit are told, and left out; at most limit of them are told.
func (s Sheet) Writes(t cards.Table, keys []string, matchBy string, limit int) (writes []cards.RowWrite, at []int, wrong []LineProblem) {
	seen := map[string]map[string]int{}
	for i, row := range s.rows {
		values, problems := s.values(t, keys, row, i)
		w := cards.RowWrite{Match: matchBy, Values: values}
		if matchBy == "" && len(problems) == 0 {
			_, bad := t.Accept(nil, values, false)
			for _, p := range bad {
				problems = append(problems, LineProblem{s.lines[i], nameOf(t, p.Field), p.Message})
			}
		} else if len(problems) == 0 {
			problems = s.check(t, values, matchBy, i)
		}
		problems = append(problems, s.twice(t, values, i, seen)...)
		if len(problems) > 0 {
			wrong = append(wrong, problems[:min(len(problems), max(limit-len(wrong), 0))]...)
			continue
		}
		writes, at = append(writes, w), append(at, s.lines[i])
	}
	return writes, at, wrong
}

// values reads the values of a line.
func (s Sheet) values(t cards.Table, keys []string, row []string, i int) (schema.Values, []LineProblem) {
	if len(row) > len(s.Names) {
		return nil, []LineProblem{{s.lines[i], "", fmt.Sprintf("has %d values, and there are %d names; a value with the delimiter in it needs quotes", len(row), len(s.Names))}}
	}
	values := make(schema.Values, len(row))
	for j, text := range row {
		if keys[j] == "" || text == "" {
			continue
		}
		c, _ := t.Column(keys[j])
		values[keys[j]] = cellOf(c.Type, text)
	}
	return values, nil
}

// cellOf is a value as it stands in a sheet.
func cellOf(kind schema.Type, text string) any {
	switch kind {
	case schema.Boolean:
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "true", "yes", "1":
			return true
		case "false", "no", "0":
			return false
		}
	case schema.Text:
		if len(text) > 1 && text[0] == '\'' && strings.ContainsAny(text[1:2], "=+-@\t\r") {
			return text[1:] // as it was before it was made safe for spreadsheets
		}
	case schema.Number, schema.Date:
		return strings.TrimSpace(text)
	}
	return text
}

// check checks values that may change a row that is there already: what that has is not known.
func (s Sheet) check(t cards.Table, values schema.Values, matchBy string, i int) (wrong []LineProblem) {
	form := t.Form()
	for k := range form.Fields {
		form.Fields[k].Required = form.Fields[k].Name == matchBy
	}
	_, bad := form.Convert(values)
	for _, p := range bad {
		wrong = append(wrong, LineProblem{s.lines[i], nameOf(t, p.Field), p.Message})
	}
	return wrong
}

// twice finds values of unique columns that stand in two lines.
func (s Sheet) twice(t cards.Table, values schema.Values, i int, seen map[string]map[string]int) (wrong []LineProblem) {
	for _, c := range t.Columns {
		text, plain := c.Mark(values[c.Key])
		if n, is := schema.ParseNumber(text); is && c.Type == schema.Number {
			text, _ = schema.FormatNumber(n)
		}
		if !c.Unique || !plain {
			continue
		}
		if seen[c.Key] == nil {
			seen[c.Key] = map[string]int{}
		}
		if before, there := seen[c.Key][text]; there {
			wrong = append(wrong, LineProblem{s.lines[i], c.Name, fmt.Sprintf("has the same value as line %d, and must be unique", before)})
			continue
		}
		seen[c.Key][text] = s.lines[i]
	}
	return wrong
}

func nameOf(t cards.Table, key string) string {
	key, _, _ = strings.Cut(key, ".")
	if c, ok := t.Column(key); ok {
		return c.Name
	}
	return key
}
