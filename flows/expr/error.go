package expr

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with a template or with its evaluation.
type Error struct {
	Line    int    // 1-based; 0 when it is about a value, not about a place in the text
	Column  int    // 1-based, in characters
	Lines   bool   // the text has several lines, so Line is worth saying
	Path    string // of the value in the inputs, below what was evaluated: "0.left"; "" for itself
	Message string
	About   string // the expression that Message begins with; "" when it names none
	Cause   int    // of a failed evaluation: the character of the expression that failed, from 1; 0 when that is not known
}

func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Message
	case e.Lines:
		return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
	}
	return fmt.Sprintf("column %d: %s", e.Column, e.Message)
}

// Why is the message without the expression, for where that stands beside it.
func (e *Error) Why() string { return strings.TrimPrefix(e.Message, e.About) }

// errorAt is an Error about the byte off of src.
func errorAt(src string, off int, format string, args ...any) *Error {
	line, column := position(src, off)
	return &Error{Line: line, Column: column, Lines: strings.Contains(src, "\n"), Message: fmt.Sprintf(format, args...)}
}

func position(src string, off int) (line, column int) {
	before := src[:min(max(off, 0), len(src))]
	line = 1 + strings.Count(before, "\n")
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

// ruler says where the bytes of a text are that is read from its beginning to its end:
// what was measured once is not measured again.
type ruler struct {
	src              string
	at, line, column int
}

func newRuler(src string) *ruler { return &ruler{src: src, line: 1, column: 1} }

// to goes on to the byte at.
func (r *ruler) to(at int) (line, column int) {
	line, column = position(r.src[r.at:], at-r.at)
	r.line, r.column = moved(line, column, r.line, r.column)
	r.at = at
	return r.line, r.column
}

// moved is a place in a text that begins at another place.
func moved(line, column, fromLine, fromColumn int) (int, int) {
	if line == 1 {
		return fromLine, fromColumn + column - 1
	}
	return fromLine + line - 1, column
}

// move makes an error about the text at src[at:] one about src.
func (e *Error) move(r *ruler, at int) *Error {
	line, column := r.to(at)
	e.Line, e.Column = moved(e.Line, e.Column, line, column)
	e.Lines = strings.Contains(r.src, "\n")
	return e
}

// inside puts key before the path of an evaluation error.
func inside(err error, key string) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	below := *e
	below.Path = Below(key, "")
	if e.Path != "" {
		below.Path += "." + e.Path
	}
	return &below
}

var escapeKey = strings.NewReplacer(`\`, `\\`, `.`, `\.`)

// Below names a key inside of the value at path, as field paths are written:
// "query.user\.name". With an empty key it is path itself, escaped as one key.
func Below(path, key string) string {
	switch {
	case key == "":
		return escapeKey.Replace(path)
	case path == "":
		return escapeKey.Replace(key)
	}
	return path + "." + escapeKey.Replace(key)
}
