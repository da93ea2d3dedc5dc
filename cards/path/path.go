// Package path finds and changes values inside of objects and lists.
//
// It never changes a value that it was given: what is different is copied.
package path

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// Path says where something stands in a value: profile.name, items[0].id or
// items.0.id, items[-1] for the last one, meta["next-page"]. The empty Path is the
// whole value.
type Path struct {
	text  string
	steps []step
}

// step is one key or one position.
type step struct {
	name    string
	index   int
	isIndex bool // written [0]
}

var stepPattern = regexp.MustCompile(`^(?:\.?([^.\[\]"]+)|\[(-?\d{1,9})\]|\["((?:[^"\\]|\\["\\])*)"\])`)

const maxSteps = 100

// Parse reads a path as a person writes it.
func Parse(s string) (Path, error) {
	p := Path{text: s}
	for rest := s; rest != ""; {
		m := stepPattern.FindStringSubmatch(rest)
		if m == nil || len(rest) == len(s) && rest[0] == '.' || len(m[0]) > 0 && rest != s && m[1] != "" && rest[0] != '.' {
			return Path{}, errors.New(`must be a path such as profile.name, items[0].id or meta["next-page"]`)
		}
		rest = rest[len(m[0]):]
		if len(p.steps) == maxSteps {
			return Path{}, errors.New("has more than 100 steps")
		}
		switch {
		case m[2] != "":
			n, err := strconv.Atoi(m[2])
			if err != nil {
				return Path{}, err
			}
			p.steps = append(p.steps, step{index: n, isIndex: true})
		case m[1] != "":
			p.steps = append(p.steps, step{name: m[1]})
		default:
			p.steps = append(p.steps, step{name: unquote.Replace(m[3])})
		}
	}
	return p, nil
}

var unquote = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

// UnmarshalText is Parse, for forms.
func (p *Path) UnmarshalText(text []byte) (err error) {
	*p, err = Parse(string(text))
	return err
}

// String is the path as it was written.
func (p Path) String() string { return p.text }

// Empty reports whether the path is that of the whole value.
func (p Path) Empty() bool { return len(p.steps) == 0 }

// Get returns what stands at the path in v, and whether anything does.
func (p Path) Get(v any) (any, bool) {
	for i := range p.steps {
		var there bool
		if v, there = p.steps[i].in(v); !there {
			return nil, false
		}
	}
	return v, true
}

func (s *step) in(v any) (any, bool) {
	switch at := v.(type) {
	case map[string]any:
		if s.isIndex {
			return nil, false
		}
		v, there := at[s.name]
		return v, there
	case []any:
		if i, ok := s.position(len(at)); ok && i < len(at) {
			return at[i], true
		}
	}
	return nil, false
}

// position is where the step points in a list of n: counted from the end when it is
// negative. It may be n or more; false when it is no position or before the first.
func (s *step) position(n int) (int, bool) {
	i := s.index
	if !s.isIndex {
		var err error
		if i, err = strconv.Atoi(s.name); err != nil || len(s.name) > 9 {
			return 0, false
		}
	}
	if i < 0 {
		i += n
	}
	return i, i >= 0
}
