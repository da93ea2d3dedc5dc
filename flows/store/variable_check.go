package store

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// MaxVariable is how long a value of a variable may be, in bytes of its text.
const MaxVariable = 32 << 10

var variableName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]{0,63}$`)

// Check says what is wrong with the words of a variable or secret.
func (v Variable) Check() (problems schema.Problems) {
	if !variableName.MatchString(v.Name) {
		problems = append(problems, schema.Problem{Field: "name", Message: "A name has letters, digits and _, does not begin with a digit, and is 64 long at most."})
	}
	if utf8.RuneCountInString(v.Env) > 40 || strings.EqualFold(v.Env, "default") {
		problems = append(problems, schema.Problem{Field: "env", Message: "Leave it empty for the default environment, or give a name of 40 letters at most."})
	}
	if utf8.RuneCountInString(v.Description) > 500 {
		problems = append(problems, schema.Problem{Field: "description", Message: "A description may be 500 letters long."})
	}
	return problems
}
