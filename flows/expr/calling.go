package expr

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"

	"flowdeck/cards/schema"
)

// Places returns the fields that take an argument by its place, in their order. A
// choice that has a default goes by name only.
func Places(form schema.Form) []schema.Field {
	var list []schema.Field
	for _, f := range form.Fields {
		if !f.Fixed || f.Required || f.Default == "" {
			list = append(list, f)
		}
	}
	return list
}

// Gathers reports whether a field takes all arguments from its place on.
func Gathers(f schema.Field) bool { return f.Name == "more" && f.Type == schema.List }

// dotted reads the callee of text.pad(…) as a name. A name that let or a function
// has bound is a value, whose methods are something else.
func (x *rewriter) dotted(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value, !strings.HasPrefix(n.Value, "$") && !x.isBound(n.Value)
	case *ast.MemberNode:
		word, ok := n.Property.(*ast.StringNode)
		if !ok || n.Optional {
			return "", false
		}
		before, ok := x.dotted(n.Node)
		return before + "." + word.Value, ok
	}
	return "", false
}

// root is the first name of a callee.
func root(n ast.Node) ast.Node {
	for {
		member, ok := n.(*ast.MemberNode)
		if !ok {
			return n
		}
		n = member.Node
	}
}

// library rewrites a call of a function of the library: arguments by position, in
// the order of the form, and then by name in an object.
func (x *rewriter) library(n *ast.CallNode, name string) ast.Node {
	f, ok := x.lib.function(name)
	if !ok {
		return x.fail(root(n.Callee), x.lib.unknown(name))
	}
	c := &caller{rewriter: x, call: n, site: &site{fn: f}, known: schema.Values{}, at: map[string]ast.Node{}}
	c.places = Places(f.Inputs)
	c.arguments()
	if x.err != nil {
		return n
	}
	if !x.lib.lenient {
		c.check()
	}
	x.code.spends = true
	args := append([]ast.Node{at(n, &ast.IdentifierNode{Value: budgetName}), at(n, &ast.ConstantNode{Value: c.site})}, c.args...)
	return call(n, callName, args...)
}

// caller reads the arguments of one call.
type caller struct {
	*rewriter
	call   *ast.CallNode
	site   *site
	places []schema.Field // those that take an argument by its place
	args   []ast.Node
	known  schema.Values       // by field: a constant, or Later
	at     map[string]ast.Node // by field: where its argument stands
}

func (c *caller) arguments() {
	fields, more := c.places, schema.Field{}
	for i, n := range c.call.Arguments {
		if c.lib.lenient {
			c.args = append(c.args, c.node(n))
			continue
		}
		options, isMap := n.(*ast.MapNode)
		if isMap && i == len(c.call.Arguments)-1 && c.named(options, i) {
			return
		}
		switch {
		case c.site.more != "":
			c.add(more, n)
		case i >= len(fields):
			c.fail(n, fmt.Sprintf("%s takes %s, this is one too many", c.site.fn.Name, plural(len(fields), "value", "values by their place")))
			return
		default:
			if Gathers(fields[i]) {
				more, c.site.more = fields[i], fields[i].Name
			}
			c.add(fields[i], n)
		}
	}
}

func plural(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + many
	case 1:
		return "one " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// named reads an object at the end as arguments by name, when that is what it is: its
// keys are fields and no object is due there.
func (c *caller) named(options *ast.MapNode, i int) bool {
	fields := c.places
	if c.site.more == "" && i < len(fields) && (fields[i].Type == schema.Object || fields[i].Type == schema.Any || fields[i].Type == schema.File) {
		return false
	}
	if gathers := c.site.more != "" || i < len(fields) && Gathers(fields[i]); gathers && !c.areFields(options) {
		return false
	}
	for _, p := range options.Pairs {
		pair := p.(*ast.PairNode)
		key, ok := pair.Key.(*ast.StringNode)
		if !ok {
			c.fail(pair, "the name of an argument of "+c.site.fn.Name+" is written as it is, not calculated")
			return true
		}
		f, ok := c.site.fn.Inputs.Field(key.Value)
		switch {
		case !ok:
			c.fail(pair, fmt.Sprintf("%s has no argument named %s, it has %s", c.site.fn.Name, key.Value, names(c.site.fn.Inputs.Fields)))
			return true
		case c.at[f.Name] != nil:
			c.fail(pair, key.Value+" of "+c.site.fn.Name+" is there twice")
			return true
		}
		c.add(f, pair.Value)
	}
	return true
}

// areFields reports whether all keys of an object are arguments.
func (c *caller) areFields(options *ast.MapNode) bool {
	for _, p := range options.Pairs {
		key, ok := p.(*ast.PairNode).Key.(*ast.StringNode)
		if !ok {
			return false
		}
		if _, ok := c.site.fn.Inputs.Field(key.Value); !ok {
			return false
		}
	}
	return true
}

func names(fields []schema.Field) string {
	if len(fields) == 0 {
		return "none"
	}
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Name
	}
	return strings.Join(list, ", ")
}

// add makes n the argument of a field.
func (c *caller) add(f schema.Field, n ast.Node) {
	c.at[f.Name] = n
	c.known[f.Name] = schema.Later
	c.site.names = append(c.site.names, f.Name)
	switch {
	case f.Format == schema.Inline:
		c.args = append(c.args, c.lambda(n, f.Vars))
		return
	case f.Secret:
		if _, ok := c.chain(n); !ok && !c.isValue(n) {
			c.fail(n, f.Name+" of "+c.site.fn.Name+" cannot be typed, because everybody who sees the flow would see it: take it from an earlier card")
			return
		}
	case c.site.more == "":
		if v, ok := constant(n); ok {
			c.known[f.Name] = v
		}
	}
	c.args = append(c.args, c.node(n))
}

// isValue reports whether n is a name that something is bound to.
func (x *rewriter) isValue(n ast.Node) bool {
	i, ok := n.(*ast.IdentifierNode)
	return ok && x.isBound(i.Value)
}

// check says before any run what the function would refuse.
func (c *caller) check() {
	for _, p := range c.site.fn.Inputs.Check(c.known) {
		field, _, _ := strings.Cut(p.Field, ".")
		n := c.at[field]
		if n == nil {
			n = root(c.call.Callee)
		}
		c.fail(n, fmt.Sprintf("%s of %s %s", p.Field, c.site.fn.Name, p.Message))
	}
}

// constant is the value of a literal.
func constant(n ast.Node) (any, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode:
		return int64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	case *ast.BoolNode:
		return n.Value, true
	case *ast.NilNode:
		return nil, true
	case *ast.UnaryNode:
		v, ok := constant(n.Node)
		if n.Operator == "-" && ok {
			switch v := v.(type) {
			case int64:
				return -v, true
			case float64:
				return -v, true
			}
		}
	}
	return nil, false
}
