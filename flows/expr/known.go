package expr

// Reference returns the reference that t is, when it is one and nothing else.
func (t Template) Reference() (Reference, bool) {
	if !t.Lone() || !t.parts[0].code.simple() {
		return Reference{}, false
	}
	return t.parts[0].code.refs[0], true
}

// Known returns the value of n with what f says in the place of every template.
func (n *Node) Known(f func(Template) any) any {
	switch n.kind {
	case isTemplate:
		return f(n.template)
	case isObject:
		object := make(map[string]any, len(n.members))
		for i := range n.members {
			if m := &n.members[i]; !m.dynamic {
				object[m.key] = m.node.Known(f)
			}
		}
		return object
	case isList:
		list := make([]any, len(n.items))
		for i := range n.items {
			list[i] = n.items[i].Known(f)
		}
		return list
	}
	return n.constant
}
