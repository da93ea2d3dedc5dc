package schema

import (
	"strconv"
	"strings"
)

// filler is one filling-in of a form: where it has come to and what it found wrong.
type filler struct {
	problems Problems
	keep     bool // return the converted values
	later    bool // accept Later
	quick    bool // go the short way where there is one
	path     []step
	few      [6]step // room for path
}

// step is one part of the path to a value; the path is spelled out only when there
// is a problem to report.
type step struct {
	name  string // of a field; "" of an element
	index int
}

func (x *filler) enter(name string, index int) {
	if x.path == nil {
		x.path = x.few[:0]
	}
	x.path = append(x.path, step{name, index})
}

func (x *filler) leave() { x.path = x.path[:len(x.path)-1] }

func (x *filler) problem(message string) {
	var b strings.Builder
	for i, s := range x.path {
		if i > 0 {
			b.WriteByte('.')
		}
		if s.name == "" {
			b.WriteString(strconv.Itoa(s.index))
		}
		b.WriteString(s.name)
	}
	x.problems = append(x.problems, Problem{b.String(), message})
}
