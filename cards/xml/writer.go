package xml

import (
	"bytes"
	"fmt"
	"strconv"

	"flowdeck/cards/schema"
)

// writer writes values as a document. It stops at the first problem.
type writer struct {
	bytes.Buffer
	order   []string
	indent  bool
	depth   int
	problem *schema.Problem
}

func write(in buildInput) (string, error) {
	w := writer{order: in.Order, indent: in.Indent}
	if in.Declaration {
		w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	}
	name, value, path := in.Root, any(in.Value), "value"
	if name == "" {
		if len(in.Value) != 1 {
			return "", schema.Problems{{Field: "value", Message: fmt.Sprintf("must have one key, the root element, got %d; or name the root element in Root", len(in.Value))}}
		}
		for name, value = range in.Value {
			path += "." + name
		}
		if _, several := value.([]any); several {
			return "", schema.Problems{{Field: path, Message: "must not be a list: a document has one root element"}}
		}
	}
	w.element(path, name, value)
	if w.problem != nil {
		return "", schema.Problems{*w.problem}
	}
	return w.String(), nil
}

func (w *writer) fail(path, message string) {
	if w.problem == nil {
		w.problem = &schema.Problem{Field: path, Message: message}
	}
}

// element writes one element, or one for each item of a list.
func (w *writer) element(path, name string, v any) {
	if w.problem != nil {
		return
	}
	if list, several := v.([]any); several {
		for i, item := range list {
			at := path + "." + strconv.Itoa(i)
			if _, nested := item.([]any); nested {
				w.fail(at, "must not be a list inside of a list: XML has no such thing")
				return
			}
			if i > 0 {
				w.newline()
			}
			w.element(at, name, item)
		}
		return
	}
	switch {
	case !validName(name):
		w.fail(path, "cannot be the name of an element; names begin with a letter or _ and have no spaces")
		return
	case w.depth >= maxDepth:
		w.fail(path, fmt.Sprintf("is nested too deeply: more than %d elements", maxDepth))
		return
	case w.Len() > maxText:
		w.fail(path, "makes the document longer than 10 MiB")
		return
	}
	w.WriteString("<" + name)
	object, isObject := v.(map[string]any)
	if isObject {
		w.attributes(path, object)
	}
	w.WriteByte('>')
	inside := w.Len()
	w.depth++
	if isObject {
		w.inside(path, object)
	} else if v != nil {
		w.text(path, v)
	}
	w.depth--
	if w.Len() == inside && w.problem == nil {
		w.Truncate(inside - 1)
		w.WriteString("/>")
		return
	}
	w.WriteString("</" + name + ">")
}
