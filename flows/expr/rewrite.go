package expr

import (
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
)

// rewriter makes an expression safe before expr-lang compiles it: references
// become values that are looked up once, missing keys give nil instead of a
// panic, loops are counted and text cannot grow without bounds.
type rewriter struct {
	code   *code
	lib    Library
	config *conf.Config
	bound  []string // names that stand for something here: variables, and what let has bound
	let    []string // those of let
	loops  int      // loops of the language around here, whose item is #
	// The function of the language whose arguments these are, and the one whose loop this is in.
	builtin, within string
	sorts           int // how often sortBy was met
	err             *Error
	at              int // byte of the expression that err is about
}

// fallback recognises `reference ?? literal`, which needs no program.
func (x *rewriter) fallback(n ast.Node) bool {
	b, ok := n.(*ast.BinaryNode)
	if !ok || b.Operator != "??" {
		return false
	}
	ref, ok := x.chain(b.Left)
	if !ok {
		return false
	}
	switch r := b.Right.(type) {
	case *ast.StringNode:
		x.code.fallback = r.Value
	case *ast.IntegerNode:
		x.code.fallback = int64(r.Value)
	case *ast.FloatNode:
		x.code.fallback = r.Value
	case *ast.BoolNode:
		x.code.fallback = r.Value
	default:
		return false
	}
	x.code.refs, x.code.or = []Reference{ref}, true
	return true
}

// chain reads n as a reference: a name and constant keys below it.
func (x *rewriter) chain(n ast.Node) (Reference, bool) {
	switch n := n.(type) {
	case *ast.ChainNode:
		return x.chain(n.Node)
	case *ast.IdentifierNode:
		if strings.HasPrefix(n.Value, "$") || x.isBound(n.Value) {
			return Reference{}, false
		}
		return Reference{Step: n.Value, at: byteOf(x.code.src, n.Location().From)}, true
	case *ast.MemberNode:
		k, ok := constantKey(n.Property)
		if !ok || n.Method {
			return Reference{}, false
		}
		ref, ok := x.chain(n.Node)
		ref.Path = append(ref.Path, k)
		return ref, ok
	}
	return Reference{}, false
}

func constantKey(n ast.Node) (Key, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return Key{Name: n.Value}, true
	case *ast.IntegerNode:
		return Key{Index: n.Value, List: true}, true
	case *ast.UnaryNode:
		if i, ok := n.Node.(*ast.IntegerNode); ok && n.Operator == "-" {
			return Key{Index: -i.Value, List: true}, true
		}
	}
	return Key{}, false
}

func (x *rewriter) isBound(name string) bool {
	for _, b := range x.bound {
		if b == name {
			return true
		}
	}
	return false
}

// lets are the names that let has bound here, each once.
func (x *rewriter) lets() []string {
	var names []string
	for _, name := range x.let {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (x *rewriter) fail(n ast.Node, message string) ast.Node {
	if x.err == nil {
		x.err, x.at = &Error{Message: message}, byteOf(x.code.src, n.Location().From)
	}
	return n
}

// load is the value of a reference: the name under which run puts it.
func (x *rewriter) load(ref Reference, n ast.Node) ast.Node {
	x.code.refs = append(x.code.refs, ref)
	return at(n, &ast.IdentifierNode{Value: loaded(len(x.code.refs) - 1)})
}

func loaded(i int) string { return "$" + strconv.Itoa(i) }

func call(n ast.Node, function string, args ...ast.Node) ast.Node {
	return at(n, &ast.CallNode{Callee: at(n, &ast.IdentifierNode{Value: function}), Arguments: args})
}

func at[N ast.Node](from ast.Node, n N) N {
	n.SetLocation(from.Location())
	return n
}
