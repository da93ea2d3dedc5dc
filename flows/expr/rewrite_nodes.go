package expr

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// node rewrites n and everything below it.
func (x *rewriter) node(n ast.Node) ast.Node {
	if ref, ok := x.chain(n); ok {
		return x.load(ref, n)
	}
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if strings.HasPrefix(n.Value, "$") {
			return x.fail(n, n.Value+" is not a step")
		}
	case *ast.ChainNode:
		return x.node(n.Node)
	case *ast.MemberNode:
		return call(n, fetchName, x.node(n.Node), x.node(n.Property))
	case *ast.CallNode:
		return x.call(n)
	case *ast.BuiltinNode:
		outer := x.builtin
		x.builtin = n.Name
		x.nodes(n.Arguments)
		x.builtin = outer
		switch n.Name {
		case "sum":
			return x.sum(n)
		case "sortBy":
			return x.sortBy(n)
		}
		if slices.Contains(numeric, n.Name) {
			for i, a := range n.Arguments {
				n.Arguments[i] = number(a)
			}
		}
		if weight, ok := making[n.Name]; ok {
			return x.weigh(n, weight)
		}
	case *ast.PredicateNode:
		x.code.spends = true
		outer := x.within
		x.loops, x.within = x.loops+1, x.builtin
		n.Node = call(n, tickName, at(n, &ast.IdentifierNode{Value: budgetName}), x.node(n.Node))
		x.loops, x.within = x.loops-1, outer
	case *ast.PointerNode:
		if x.loops == 0 {
			return x.fail(n, "# is the item of a loop outside of this function; give it a name before: let one = #; …")
		}
		if n.Name == "acc" && x.within == "sum" {
			return x.fail(n, "#acc is what reduce has so far; sum has none")
		}
	case *ast.UnaryNode:
		n.Node = x.node(n.Node)
		switch _, literal := constant(n.Node); {
		case n.Operator == "-" && !literal:
			return call(n, negateName, n.Node)
		case n.Operator == "+":
			n.Node = number(n.Node)
		}
	case *ast.BinaryNode:
		return x.binary(n)
	case *ast.SliceNode:
		return x.cut(n)
	case *ast.ConditionalNode:
		n.Cond, n.Exp1, n.Exp2 = x.node(n.Cond), x.node(n.Exp1), x.node(n.Exp2)
	case *ast.VariableDeclaratorNode:
		n.Value = x.node(n.Value)
		x.bound, x.let = append(x.bound, n.Name), append(x.let, n.Name)
		n.Expr = x.node(n.Expr)
		x.bound, x.let = x.bound[:len(x.bound)-1], x.let[:len(x.let)-1]
	case *ast.SequenceNode:
		x.nodes(n.Nodes)
	case *ast.ArrayNode:
		x.nodes(n.Nodes)
	case *ast.MapNode:
		x.nodes(n.Pairs)
	case *ast.PairNode:
		n.Key, n.Value = x.node(n.Key), x.node(n.Value)
	}
	return n
}

func (x *rewriter) nodes(list []ast.Node) {
	for i := range list {
		list[i] = x.node(list[i])
	}
}

// sum adds up as + does; with a predicate it is a reduce.
func (x *rewriter) sum(n *ast.BuiltinNode) ast.Node {
	if len(n.Arguments) != 2 {
		return call(n, sumName, n.Arguments...)
	}
	each, ok := n.Arguments[1].(*ast.PredicateNode)
	if !ok {
		return n
	}
	counted := each.Node.(*ast.CallNode) // of $tick
	each.Node = call(each, tallyName, counted.Arguments[0], at(each, &ast.PointerNode{Name: "acc"}), counted.Arguments[1])
	return at(n, &ast.BuiltinNode{Name: "reduce", Arguments: []ast.Node{n.Arguments[0], each, at(n, &ast.IntegerNode{})}})
}

func (x *rewriter) call(n *ast.CallNode) ast.Node {
	if _, member := n.Callee.(*ast.MemberNode); member {
		if name, ok := x.dotted(n.Callee); ok {
			return x.library(n, name)
		}
	}
	x.nodes(n.Arguments)
	switch callee := n.Callee.(type) {
	case *ast.IdentifierNode:
		if !slices.ContainsFunc(offered, func(name string) bool { return name == callee.Value }) {
			return x.fail(n, "there is no function named "+callee.Value)
		}
		if callee.Value == "fromJSON" && len(n.Arguments) == 1 {
			n.Arguments[0] = x.weigh(n.Arguments[0], readWeight)
		}
		if weight, ok := making[callee.Value]; ok {
			return x.weigh(n, weight)
		}
	case *ast.MemberNode: // date("2026-01-31").Year()
		callee.Node = x.node(callee.Node)
		for i, a := range n.Arguments {
			if _, literal := constant(a); !literal {
				n.Arguments[i] = call(a, amountName, a)
			}
		}
		if name, ok := callee.Property.(*ast.StringNode); ok && name.Value == "Format" {
			return x.weigh(n, 1)
		}
	default:
		return x.fail(n, "only functions can be called")
	}
	return n
}

// numeric are functions that take numbers that expr-lang knows.
var numeric = []string{"float"}

func (x *rewriter) binary(n *ast.BinaryNode) ast.Node {
	n.Left, n.Right = x.node(n.Left), x.node(n.Right)
	if n.Operator == "matches" {
		return x.matches(n)
	}
	switch {
	case n.Operator == "in":
		return x.in(n)
	case n.Operator == "+":
		if v, ok := folded(n); ok {
			return v
		}
		return x.weigh(call(n, addName, n.Left, n.Right), making[addName])
	case n.Operator == "..":
		n.Left, n.Right = bound(n.Left), bound(n.Right)
	case n.Operator == "==" || n.Operator == "!=" || comparisons[n.Operator] != nil || operations[n.Operator] != nil:
		if isWord(n.Left) || isWord(n.Right) { // what cannot be right is told when it is compiled
			return n
		}
		if v, ok := folded(n); ok {
			return v
		}
		return call(n, "$"+n.Operator, n.Left, n.Right)
	}
	return n
}

// isWord reports whether n is a literal that is no number.
func isWord(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringNode, *ast.BoolNode, *ast.NilNode:
		return true
	}
	return false
}

// folded is the result of two whole numbers that are written out.
func folded(n *ast.BinaryNode) (ast.Node, bool) {
	a, ok := n.Left.(*ast.IntegerNode)
	b, both := n.Right.(*ast.IntegerNode)
	o := operations[n.Operator]
	if !ok || !both || o == nil {
		return nil, false
	}
	v, ok := o.whole(int64(a.Value), int64(b.Value))
	return at(n, &ast.IntegerNode{Value: int(v)}), ok
}

// bound wraps an end of a range, unless it is written out.
func bound(n ast.Node) ast.Node {
	if i, ok := n.(*ast.IntegerNode); ok && i.Value > -maxBound && i.Value < maxBound {
		return n
	}
	return call(n, boundName, n)
}

// number wraps what may turn out to be a json.Number.
func number(n ast.Node) ast.Node {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.StringNode, *ast.BoolNode, *ast.NilNode:
		return n
	}
	return call(n, numberName, n)
}
