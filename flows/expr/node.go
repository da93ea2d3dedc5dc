package expr

import (
	"slices"
	"strconv"
)

// Node is a value with templates in it, parsed once.
type Node struct {
	kind     nodeKind
	constant any
	template Template
	members  []member // of an object
	items    []Node   // of a list
	inline   *inlined // an expression that is evaluated later
	text     bool     // a template in a place that takes text
	whole    bool     // stands in one text, so that paths end here
}

type nodeKind byte

const (
	isConstant nodeKind = iota
	isTemplate
	isObject
	isList
	isInline
)

type member struct {
	key      string
	template Template // of the key, when dynamic
	dynamic  bool
	node     Node
}

// Value parses every text inside of v, an input as flows store it, as a template.
// It reports every error, with the path of the text.
func Value(v any) (Node, []*Error) { return Library{}.Value(v) }

// Value is Value with the functions of the library.
func (l Library) Value(v any) (Node, []*Error) {
	switch v := v.(type) {
	case string:
		t, err := l.Parse(v)
		if err != nil {
			return Node{}, []*Error{err.(*Error)}
		}
		return leaf(t), nil
	case map[string]any:
		n, errs := Node{kind: isObject}, []*Error(nil)
		for _, k := range sortedKeys(v) {
			x, more := l.Value(v[k])
			n.members = append(n.members, member{key: k, node: x})
			errs = append(errs, below(more, k)...)
		}
		return n.settle(), errs
	case []any:
		n, errs := Node{kind: isList}, []*Error(nil)
		for i, x := range v {
			item, more := l.Value(x)
			n.items = append(n.items, item)
			errs = append(errs, below(more, strconv.Itoa(i))...)
		}
		return n.settle(), errs
	}
	return Node{constant: v}, nil
}

// Literal is a Node that is v, whatever texts v contains.
func Literal(v any) Node { return Node{constant: v} }

func below(errs []*Error, key string) []*Error {
	for i, e := range errs {
		errs[i] = inside(e, key).(*Error)
	}
	return errs
}

func sortedKeys(v map[string]any) []string {
	names := make([]string, 0, len(v))
	for k := range v {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

// Leaf is a Node of one template.
func Leaf(t Template) Node { return leaf(t) }

func leaf(t Template) Node {
	if s, ok := t.Constant(); ok {
		return Node{constant: s}
	}
	return Node{kind: isTemplate, template: t}
}

// settle makes a constant of an object or a list without templates.
func (n Node) settle() Node {
	for _, m := range n.members {
		if m.dynamic || m.node.kind != isConstant {
			return n
		}
	}
	for _, x := range n.items {
		if x.kind != isConstant {
			return n
		}
	}
	v, _ := n.Eval(nil)
	return Node{constant: v}
}

// Constant returns the value of a node without templates. It may not be changed.
func (n Node) Constant() (any, bool) { return n.constant, n.kind == isConstant }

// Eval returns the value with every template evaluated. Parts without templates
// are shared between calls and may not be changed. The error is an *Error with
// the path of the template.
func (n *Node) Eval(scope Scope) (any, error) {
	v, err := n.eval(scope)
	if e, ok := err.(*Error); ok && n.whole {
		here := *e
		here.Path = ""
		return nil, &here
	}
	return v, err
}

func (n *Node) eval(scope Scope) (any, error) {
	switch n.kind {
	case isTemplate:
		v, err := n.template.Eval(scope)
		if n.text && err == nil {
			return flat(v)
		}
		return v, err
	case isInline:
		return n.inline.eval(scope), nil
	case isObject:
		return n.object(scope)
	case isList:
		list := make([]any, len(n.items))
		for i := range n.items {
			v, err := n.items[i].Eval(scope)
			if err != nil {
				return nil, inside(err, strconv.Itoa(i))
			}
			list[i] = v
		}
		return list, nil
	}
	return n.constant, nil
}

// flat makes text of an object or a list.
func flat(v any) (any, error) {
	switch v.(type) {
	case map[string]any, []any:
		b, err := appendJSON(nil, v)
		return string(b), err
	}
	return v, nil
}

func (n *Node) object(scope Scope) (any, error) {
	object := make(map[string]any, len(n.members))
	for i := range n.members {
		m := &n.members[i]
		key := m.key
		if m.dynamic {
			k, err := m.template.Eval(scope)
			if err != nil {
				return nil, err
			}
			key = Text(k)
		}
		v, err := m.node.Eval(scope)
		if err != nil {
			return nil, inside(err, key)
		}
		object[key] = v
	}
	return object, nil
}

// Templates calls f with every template and its path below path.
func (n *Node) Templates(path string, f func(path string, t Template)) {
	if n.whole {
		every, at := f, path
		f = func(_ string, t Template) { every(at, t) }
	}
	switch n.kind {
	case isTemplate:
		f(path, n.template)
	case isInline:
		f(path, Template{parts: []part{{code: n.inline.code}}})
	}
	for i := range n.members {
		m := &n.members[i]
		if m.dynamic {
			f(path, m.template)
		}
		m.node.Templates(Below(path, m.key), f)
	}
	for i := range n.items {
		n.items[i].Templates(Below(path, strconv.Itoa(i)), f)
	}
}

// Object is an object of nodes, key by key.
func Object(names []string, nodes []Node) Node {
	n := Node{kind: isObject}
	for i, name := range names {
		n.members = append(n.members, member{key: name, node: nodes[i]})
	}
	return n.settle()
}

// List is a list of nodes.
func List(nodes []Node) Node { return Node{kind: isList, items: nodes}.settle() }

// Text is n for a place that takes text: an object or a list that a lone
// reference gives becomes its JSON text.
func (n Node) Text() Node {
	n.text = n.kind == isTemplate
	return n
}

// With returns the value of n with later in the place of every template.
func (n *Node) With(later any) any {
	switch n.kind {
	case isTemplate, isInline:
		return later
	case isObject:
		object := make(map[string]any, len(n.members))
		for i := range n.members {
			m := &n.members[i]
			if !m.dynamic {
				object[m.key] = m.node.With(later)
			}
		}
		return object
	case isList:
		list := make([]any, len(n.items))
		for i := range n.items {
			list[i] = n.items[i].With(later)
		}
		return list
	}
	return n.constant
}
