package schema

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// JSONError says where text stops being JSON and what was expected there.
type JSONError struct {
	Line, Column int // from 1; columns count characters
	Offset       int // in bytes, from 0
	Message      string
	TooDeep      bool // it may be JSON, but is nested more deeply than is read
}

// Error gives the place and the reason: "line 3, column 14: expected a comma or }".
func (e *JSONError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

func jsonError(src string, pos int, message string) *JSONError {
	before := src[:min(pos, len(src))]
	line := strings.Count(before, "\n")
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return &JSONError{Line: line + 1, Column: column + 1, Offset: min(pos, len(src)), Message: message}
}
