package xml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of a document that is read.
const (
	maxText  = 10 << 20
	maxDepth = 500
	maxNodes = 250_000 // elements and attributes

	maxMessage = 300 // bytes of what is said about a mistake
)

// reader makes values of a document.
type reader struct {
	strip  bool                   // leave prefixes out
	always func(name string) bool // whether an element is a list also when it is alone
	nodes  int
	stack  []*element
	in     *xml.Decoder
}

// element is one that is being read.
type element struct {
	written  string // its name, with prefix, as its end must have it
	name     string
	fields   map[string]any // attributes and elements
	lists    map[string]bool
	children bool
	text     strings.Builder
}

// read returns the root's name and value.
func (r *reader) read(text string) (root string, value any, err error) {
	switch {
	case len(text) > maxText:
		return "", nil, fmt.Errorf("is %d MiB long, and XML may be 10 MiB long", len(text)>>20)
	case !utf8.ValidString(text):
		return "", nil, errors.New("is not text: it has bytes that are not UTF-8")
	}
	r.in = xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.in.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	done := false
	for {
		token, err := r.in.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", nil, r.wrong(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if done {
				return "", nil, r.fail("there is a second root element, and XML has one")
			}
			if err := r.open(t); err != nil {
				return "", nil, err
			}
		case xml.EndElement:
			closed, err := r.close(qualified(t.Name))
			if err != nil {
				return "", nil, err
			}
			if len(r.stack) == 0 {
				root, value, done = closed.name, closed.value(), true
				break
			}
			r.stack[len(r.stack)-1].add(closed.name, closed.value(), r.always(closed.name) || r.always(closed.written))
		case xml.CharData:
			if len(r.stack) > 0 {
				r.stack[len(r.stack)-1].text.Write(t)
			} else if strings.TrimSpace(string(t)) != "" {
				return "", nil, r.fail("there is text outside of the root element")
			}
		case xml.Directive:
			return "", nil, r.fail("a document type (DTD) is refused: it could expand without bounds; leave it out")
		}
	}
	switch {
	case len(r.stack) > 0:
		return "", nil, r.fail("the text ends before </" + r.stack[len(r.stack)-1].written + ">")
	case !done:
		return "", nil, r.fail("there is no element")
	}
	return root, value, nil
}

func (r *reader) open(t xml.StartElement) error {
	r.nodes += 1 + len(t.Attr)
	switch {
	case len(r.stack) >= maxDepth:
		return r.fail(fmt.Sprintf("nested too deeply: more than %d elements", maxDepth))
	case r.nodes > maxNodes:
		return r.fail("there are more than 250,000 elements and attributes")
	}
	e := &element{written: qualified(t.Name), name: r.name(t.Name)}
	if len(t.Attr) > 0 {
		if err := r.attributes(e, t.Attr); err != nil {
			return err
		}
	}
	r.stack = append(r.stack, e)
	return nil
}

// attributes takes in the attributes of e. Where a name without its prefix is taken, it
// keeps the prefix; those that have none keep theirs, in whatever order they come.
func (r *reader) attributes(e *element, list []xml.Attr) error {
	seen := make(map[xml.Name]bool, len(list))
	for _, prefixed := range []bool{false, true} {
		for _, a := range list {
			if prefixed != (a.Name.Space != "") || r.strip && (a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns") {
				continue
			}
			if seen[a.Name] {
				return r.fail("<" + e.written + "> has the attribute " + qualified(a.Name) + " twice")
			}
			seen[a.Name] = true
			key := "@" + r.name(a.Name)
			if _, taken := e.fields[key]; taken {
				key = "@" + qualified(a.Name)
			}
			e.set(key, a.Value)
		}
	}
	return nil
}

func (r *reader) close(name string) (*element, error) {
	if len(r.stack) == 0 {
		return nil, r.fail("</" + name + "> ends what did not begin")
	}
	e := r.stack[len(r.stack)-1]
	if e.written != name {
		return nil, r.fail("<" + e.written + "> is ended by </" + name + ">")
	}
	r.stack = r.stack[:len(r.stack)-1]
	return e, nil
}

func (e *element) set(key string, v any) {
	if e.fields == nil {
		e.fields = map[string]any{}
	}
	e.fields[key] = v
}

// add takes in an element below e.
func (e *element) add(name string, v any, list bool) {
	e.children = true
	before, twice := e.fields[name]
	switch {
	case twice && e.lists[name]:
		e.fields[name] = append(before.([]any), v)
	case twice || list:
		if e.lists == nil {
			e.lists = map[string]bool{}
		}
		e.lists[name] = true
		if !twice {
			e.set(name, []any{v})
			return
		}
		e.fields[name] = []any{before, v}
	default:
		e.set(name, v)
	}
}

// value is what the element came to.
func (e *element) value() any {
	text := e.text.String()
	if e.children {
		text = strings.TrimSpace(text)
	}
	if len(e.fields) == 0 {
		return text
	}
	if text != "" {
		e.fields["#text"] = text
	}
	return e.fields
}

func (r *reader) name(n xml.Name) string {
	if r.strip {
		return n.Local
	}
	return qualified(n)
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// fail is an error at the place that was read last.
func (r *reader) fail(message string) error {
	line, column := r.in.InputPos()
	if len(message) > maxMessage { // names can be as long as the document
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	return fmt.Errorf("is not XML that can be read: line %d, column %d: %s", line, column, message)
}

func (r *reader) wrong(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return r.fail(syntax.Msg)
	}
	return r.fail(err.Error())
}
