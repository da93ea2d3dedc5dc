package schema

import "strings"

// Problem says what is wrong with one field, in words for the person who filled it in.
type Problem struct {
	Field   string // "url", "conditions.0.left"
	Message string // "is required"
}

// Problems is every problem found; it is an error when there is at least one.
type Problems []Problem

// Error lists the problems: "url: is required; timeout: must be a number".
func (p Problems) Error() string {
	var b strings.Builder
	for i, x := range p {
		if i > 0 {
			b.WriteString("; ")
		}
		if x.Field != "" {
			b.WriteString(x.Field)
			b.WriteString(": ")
		}
		b.WriteString(x.Message)
	}
	return b.String()
}

// Err returns p as an error, or nil when there are no problems.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
