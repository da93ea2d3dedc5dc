package flows

import (
	"fmt"
	"strings"
)

func (p Problem) String() string {
	where := p.Step
	if p.Field != "" {
		where = strings.TrimPrefix(where+"."+p.Field, ".")
	}
	if p.Line > 0 {
		where = strings.TrimSpace(fmt.Sprintf("%s line %d, column %d", where, p.Line, p.Column))
	}
	if where == "" {
		return p.Message
	}
	return where + ": " + p.Message
}

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, x := range p {
		lines[i] = x.String()
	}
	return strings.Join(lines, "; ")
}

// Err returns p as an error, or nil when there are no problems.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Of returns the problems of one step, in order.
func (p Problems) Of(step string) Problems {
	var own Problems
	for _, x := range p {
		if x.Step == step {
			own = append(own, x)
		}
	}
	return own
}
