package expr

import (
	"strconv"
	"strings"
)

// Segment is a stretch of a template for showing it: literal text, or the
// inside of one {{ … }}.
type Segment struct {
	Text string // literal; "" when Src is set
	Src  string // as typed between the braces, without outer spaces
	// Simple says that Src is one reference and nothing else, Ref; with Or it is one
	// reference and a fallback in case there is nothing: `get.body.name ?? "none"`.
	Simple   bool
	Or       bool
	Ref      Reference
	Fallback any         // of Or
	Refs     []Reference // everything Src mentions
	Err      string      // what is wrong with Src; nothing else is set then
}

// Segments cuts text, plain or JSON, into pieces. It never fails: what is wrong
// says so, and {{ without an end is text.
func Segments(src string) []Segment {
	var list []Segment
	for at := 0; at < len(src); {
		open := strings.Index(src[at:], "{{")
		end := -1
		if open >= 0 {
			end, _ = closing(src, at+open+2)
		}
		if end < 0 {
			return append(list, Segment{Text: src[at:]})
		}
		if open > 0 {
			list = append(list, Segment{Text: src[at : at+open]})
		}
		list = append(list, segment(src[at+open+2:end]))
		at = end + 2
	}
	return list
}

// Segments cuts the template into pieces; texts are as they will be sent.
func (t Template) Segments() []Segment {
	var list []Segment
	for _, p := range t.parts {
		if p.code == nil {
			list = append(list, Segment{Text: p.text})
		} else {
			list = append(list, p.code.segment())
		}
	}
	return list
}

func segment(src string) Segment {
	c, err := Lenient().parseCode(src)
	if err != nil && strings.Contains(src, `\"`) {
		c, err = Lenient().parseCode(strings.ReplaceAll(src, `\"`, `"`))
	}
	if err != nil {
		return Segment{Src: strings.TrimSpace(src), Err: err.(*Error).Message}
	}
	return c.segment()
}

func (c *code) segment() Segment {
	s := Segment{Src: c.src, Simple: c.simple(), Or: c.or, Fallback: c.fallback, Refs: c.refs}
	if s.Simple || s.Or {
		s.Ref = c.refs[0]
	}
	return s
}

// Braces writes a reference as a template, with a fallback when that is not nil.
func Braces(r Reference, fallback any) string {
	switch f := fallback.(type) {
	case nil:
		return "{{ " + r.String() + " }}"
	case string:
		return "{{ " + r.String() + " ?? " + strconv.Quote(f) + " }}"
	default:
		return "{{ " + r.String() + " ?? " + Text(f) + " }}"
	}
}
