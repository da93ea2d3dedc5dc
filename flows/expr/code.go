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
	spends   bool // the program has loops or makes values: it has a budget
	fallback any
	or       bool // written with ??
	bare     bool // written without braces

	line, column int // of src in its template
}

// parseCode reads src, in which its places count.
func (l Library) parseCode(src string) (*code, error) {
	c, from, err := newCode(src)
	if err != nil {
		return nil, err
	}
	if ref, ok := simple(c.src); ok {
		c.refs = []Reference{ref}
	} else if err := c.compile(l, src, from, nil); err != nil {
		return nil, err
	}
	c.place(src, from)
	return c, nil
}

// newCode takes the text of src without the blanks around it, and says where it begins.
func newCode(src string) (*code, int, error) {
	text := strings.TrimSpace(src)
	from := strings.Index(src, text)
	switch {
	case text == "":
		return nil, 0, errorAt(src, from, "there is nothing between {{ and }}")
	case len(text) > maxCode:
		return nil, 0, errorAt(src, from, "an expression may have %d characters at most", maxCode)
	}
	return &code{src: text}, from, nil
}

// place notes where the expression and its references stand in src.
func (c *code) place(src string, from int) {
	c.line, c.column = position(src, from)
	for i := range c.refs {
		r := &c.refs[i]
		r.Line, r.Column = position(src, from+r.at)
	}
}

// move makes places of those in src[at:], which the ruler measures, places in src.
func (c *code) move(r *ruler, at int) {
	line, column := r.to(at)
	c.line, c.column = moved(c.line, c.column, line, column)
	for i := range c.refs {
		x := &c.refs[i]
		x.Line, x.Column = moved(x.Line, x.Column, line, column)
	}
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
