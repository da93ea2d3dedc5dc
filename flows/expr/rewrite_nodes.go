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
		x.nodes(n.Arguments)
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
		x.loops++
		n.Node = call(n, tickName, at(n, &ast.IdentifierNode{Value: budgetName}), x.node(n.Node))
		x.loops--
	case *ast.PointerNode:
		if x.loops == 0 {
			return x.fail(n, "# is the item of a loop outside of this function; give it a name before: let one = #; …")
		}
	case *ast.UnaryNode:
		n.Node = x.node(n.Node)
		if n.Operator == "-" || n.Operator == "+" {
			n.Node = number(n.Node)
		}
	case *ast.BinaryNode:
		return x.binary(n)
	case *ast.SliceNode:
		n.Node, n.From, n.To = x.node(n.Node), x.maybe(n.From), x.maybe(n.To)
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

func (x *rewriter) maybe(n ast.Node) ast.Node {
	if n == nil {
		return nil
	}
	return x.node(n)
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
	default:
		return x.fail(n, "only functions can be called")
	}
	return n
}

// Comparing and calculating want numbers that expr-lang knows.
var calculating = []string{"+", "-", "*", "/", "%", "**", "^", "<", "<=", ">", ">=", "==", "!="}

// numeric are functions that take numbers.
var numeric = []string{"int", "float", "abs", "ceil", "floor", "round", "max", "min"}

func (x *rewriter) binary(n *ast.BinaryNode) ast.Node {
	n.Left, n.Right = x.node(n.Left), x.node(n.Right)
	if n.Operator == "matches" {
		return x.matches(n)
	}
	if n.Operator == "+" {
		return x.weigh(call(n, addName, n.Left, n.Right), making[addName])
	}
	if slices.Contains(calculating, n.Operator) {
		n.Left, n.Right = number(n.Left), number(n.Right)
	}
	return n
}

// number wraps what may turn out to be a json.Number.
func number(n ast.Node) ast.Node {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.StringNode, *ast.BoolNode, *ast.NilNode:
		return n
	}
	return call(n, numberName, n)
}
