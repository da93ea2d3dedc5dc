package expr

import (
	"strings"

	"github.com/expr-lang/expr/vm"
)

// maxCode is how long one expression may be, in bytes.
const maxCode = 10_000

// code is what stands in one pair of braces.
type code struct {
	src  string // trimmed
	refs []Reference
	// How it is evaluated: program when set, else refs[0], or fallback when that is nil.
	program  *vm.Program
	ticks    bool // the program has loops, which are counted
	makes    bool // the program makes texts or lists, which are weighed
	fallback any
	or       bool // written with ??
}

// parseCode reads src[from:to].
func parseCode(src string, from, to int) (*code, error) {
	text := strings.TrimSpace(src[from:to])
	from += strings.Index(src[from:to], text)
	switch {
	case text == "":
		return nil, errorAt(src, from, "there is nothing between {{ and }}")
	case len(text) > maxCode:
		return nil, errorAt(src, from, "an expression may have %d characters at most", maxCode)
	}
	c := &code{src: text}
	if ref, ok := simple(text); ok {
		c.refs = []Reference{ref}
	} else if err := c.compile(src, from); err != nil {
		return nil, err
	}
	for i := range c.refs {
		r := &c.refs[i]
		r.Line, r.Column = position(src, from+r.at)
	}
	return c, nil
}

func (c *code) simple() bool { return c.program == nil && !c.or }

func (c *code) eval(scope Scope) (any, error) {
	if c.program != nil {
		return c.run(scope)
	}
	v := c.refs[0].value(scope)
	if v == nil && c.or {
		return c.fallback, nil
	}
	return v, nil
}
