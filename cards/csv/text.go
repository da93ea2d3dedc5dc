package csv

import (
	"strings"
	"unicode/utf8"
)

// Lines reads CSV text as the card CSV Parse does: the values of every line, and the
// numbers of the lines. Delimiter is the name of one, "" or "auto" to find out. The error
// names line and column.
func Lines(text, delimiter string) (rows [][]string, lines []int, err error) {
	if !utf8.ValidString(text) {
		return nil, nil, problem("text", "has bytes that are not UTF-8 text; save the file as CSV UTF-8")
	}
	r := reader{src: strings.TrimPrefix(text, "\ufeff"), quote: '"'}
	if r.delimiter = delimiters[delimiter]; r.delimiter == 0 {
		r.delimiter = guess(r.src, r.quote)
	}
	return r.rows()
}

// Writer writes lines of CSV for spreadsheets: text that they would run as a formula
// gets a ' before it when Safe is set.
type Writer struct{ w writer }

// NewWriter returns a writer whose values stand between delimiters of that name.
func NewWriter(delimiter string, safe bool) *Writer {
	d := delimiters[delimiter]
	if d == 0 {
		d = ','
	}
	return &Writer{writer{delimiter: string(d), end: "\r\n", safe: safe, endless: true}}
}

// Row adds a line.
func (w *Writer) Row(values []any) error { return w.w.row("row", values) }

// Len is how many bytes are written and not taken.
func (w *Writer) Len() int { return w.w.Len() }

// Take returns what was written since it was last asked.
func (w *Writer) Take() string {
	text := w.w.String()
	w.w.Reset()
	return text
}
