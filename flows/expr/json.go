package expr

import (
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep objects and lists may be nested.
const maxDepth = 200

// ParseJSON reads JSON text in which values and texts may contain {{ … }}: a
// bare {{ x }} keeps its type, one in quotes becomes text. The error is an
// *Error with line and column in the text as it was typed.
func ParseJSON(src string) (Node, error) { return Library{}.ParseJSON(src) }

// ParseJSON is ParseJSON with the functions of the library.
func (l Library) ParseJSON(src string) (Node, error) {
	p := jsonParser{src: src, lib: l}
	return p.document()
}

type jsonParser struct {
	src     string
	lib     Library
	ruler   *ruler
	at      int
	depth   int
	literal bool // {{ means nothing
}

func (p *jsonParser) document() (Node, error) {
	n, err := p.value()
	if err != nil {
		return Node{}, err
	}
	if p.space(); p.at < len(p.src) {
		return Node{}, p.fail("nothing may follow here, but there is %s", p.here())
	}
	n.whole = true
	return n, nil
}

func (p *jsonParser) fail(format string, args ...any) error {
	return errorAt(p.src, p.at, format, args...)
}

func (p *jsonParser) space() {
	for p.at < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.at]) >= 0 {
		p.at++
	}
}

// here names what is at the current place.
func (p *jsonParser) here() string {
	if p.at >= len(p.src) {
		return "the end"
	}
	r, _ := utf8.DecodeRuneInString(p.src[p.at:])
	return string(r)
}

func (p *jsonParser) is(c byte) bool { return p.at < len(p.src) && p.src[p.at] == c }

func (p *jsonParser) value() (Node, error) {
	p.space()
	switch {
	case p.at >= len(p.src):
		return Node{}, p.fail("a value is due, but there is the end")
	case !p.literal && strings.HasPrefix(p.src[p.at:], "{{"):
		c, err := p.braces()
		if err != nil {
			return Node{}, err
		}
		return Node{kind: isTemplate, template: Template{parts: []part{{code: c}}}}, nil
	}
	switch c := p.src[p.at]; {
	case c == '{':
		return p.nested(p.object)
	case c == '[':
		return p.nested(p.list)
	case c == '"':
		t, err := p.text()
		if err != nil {
			return Node{}, err
		}
		return leaf(t), nil
	case c == '-' || isDigit(c):
		return p.number()
	}
	return p.word()
}

func (p *jsonParser) nested(read func() (Node, error)) (Node, error) {
	if p.depth++; p.depth > maxDepth {
		return Node{}, p.fail("objects and lists are nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	n, err := read()
	if err != nil {
		return Node{}, err
	}
	return n.settle(), nil
}

func (p *jsonParser) object() (Node, error) {
	n, names := Node{kind: isObject}, map[string]bool{}
	p.at++
	if p.space(); p.is('}') {
		p.at++
		return n, nil
	}
	for {
		p.space()
		start := p.at
		if !p.is('"') {
			return Node{}, p.fail(`a name in "quotes" is due, but there is %s`, p.here())
		}
		key, err := p.text()
		if err != nil {
			return Node{}, err
		}
		m := member{template: key}
		var fixed bool
		if m.key, fixed = key.Constant(); fixed && names[m.key] {
			p.at = start
			return Node{}, p.fail("the name %q is there twice", m.key)
		}
		m.dynamic, names[m.key] = !fixed, fixed
		if p.space(); !p.is(':') {
			return Node{}, p.fail("a : is due after the name, but there is %s", p.here())
		}
		p.at++
		if m.node, err = p.value(); err != nil {
			return Node{}, err
		}
		n.members = append(n.members, m)
		if more, err := p.more('}', "}"); !more {
			return n, err
		}
	}
}

func (p *jsonParser) list() (Node, error) {
	n := Node{kind: isList}
	p.at++
	if p.space(); p.is(']') {
		p.at++
		return n, nil
	}
	for {
		x, err := p.value()
		if err != nil {
			return Node{}, err
		}
		n.items = append(n.items, x)
		if more, err := p.more(']', "]"); !more {
			return n, err
		}
	}
}

// more steps over a comma, or over the end.
func (p *jsonParser) more(end byte, name string) (bool, error) {
	p.space()
	switch {
	case p.is(','):
		p.at++
		return true, nil
	case p.is(end):
		p.at++
		return false, nil
	}
	return false, p.fail("a , or %s is due, but there is %s", name, p.here())
}
