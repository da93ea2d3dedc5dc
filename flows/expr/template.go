package expr

import "strings"

// Template is parsed text. The zero Template is the empty text.
type Template struct {
	parts  []part
	quoted bool // stood in quotes in JSON text, so it is text even when it is one reference
}

// part is literal text, or an expression when code is set.
type part struct {
	text string
	code *code
}

// Parse reads text with {{ … }} in it. The error is an *Error that names the column.
func Parse(src string) (Template, error) { return Library{}.Parse(src) }

// Parse is Parse with the functions of the library.
func (l Library) Parse(src string) (Template, error) {
	var t Template
	ruler := newRuler(src)
	for at := 0; at < len(src); {
		open := strings.Index(src[at:], "{{")
		if open < 0 {
			t.parts = append(t.parts, part{text: src[at:]})
			break
		}
		if open > 0 {
			t.parts = append(t.parts, part{text: src[at : at+open]})
		}
		c, end, err := l.braces(src, at+open, ruler, false)
		if err != nil {
			return Template{}, err
		}
		t.parts = append(t.parts, part{code: c})
		at = end
	}
	return t, nil
}

// Expression reads src as what stands between one pair of braces; columns count from
// the beginning of src.
func (l Library) Expression(src string) (Template, error) {
	c, err := l.parseCode(src)
	if err != nil {
		return Template{}, err
	}
	return Template{parts: []part{{code: c}}}, nil
}

// braces reads the {{ … }} that begins at open and returns where it ends. In quotes of JSON
// text, those of the expression may be written \" or ".
func (l Library) braces(src string, open int, r *ruler, quoted bool) (*code, int, error) {
	end, quote := closing(src, open+2)
	switch {
	case quote >= 0:
		return nil, 0, errorAt(src, quote, "this quote is never closed, and so neither is {{")
	case end < 0:
		return nil, 0, errorAt(src, open, "{{ is never closed")
	}
	inner := src[open+2 : end]
	c, err := l.parseCode(inner)
	if err != nil && quoted && strings.Contains(inner, `\"`) { // columns stay right up to the first quote
		c, err = l.parseCode(strings.ReplaceAll(inner, `\"`, `"`))
	}
	if err != nil {
		return nil, 0, err.(*Error).move(r, open+2)
	}
	c.move(r, open+2)
	return c, end + 2, nil
}

// Constant returns the text of a template without any {{ … }}.
func (t Template) Constant() (string, bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) == 1 && t.parts[0].code == nil:
		return t.parts[0].text, true
	}
	return "", false
}

// Lone reports whether t is exactly one {{ … }}, which keeps its value's type.
func (t Template) Lone() bool {
	return len(t.parts) == 1 && t.parts[0].code != nil && !t.quoted
}

// Eval replaces every {{ … }} by its value. References that lead nowhere are nil.
// The error is an *Error.
func (t Template) Eval(scope Scope) (any, error) {
	if len(t.parts) == 1 && !t.quoted {
		if c := t.parts[0].code; c != nil {
			return c.eval(scope)
		}
		return t.parts[0].text, nil
	}
	buf := make([]byte, 0, 128)
	for i := range t.parts {
		p := &t.parts[i]
		if p.code == nil {
			buf = append(buf, p.text...)
			continue
		}
		v, err := p.code.eval(scope)
		if err != nil {
			return nil, err
		}
		if buf, err = appendText(buf, v); err != nil {
			return nil, err
		}
	}
	return string(buf), nil
}

// References lists what t points at, in order.
func (t Template) References() []Reference {
	var refs []Reference
	for _, p := range t.parts {
		if p.code != nil {
			refs = append(refs, p.code.refs...)
		}
	}
	return refs
}
