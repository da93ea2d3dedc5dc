package expr

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm/runtime"

	"flowdeck/cards/schema"
)

// comparison compares values of any type. It counts what it looks at: a value may hold
// the same part many times, which costs nothing until each of them is looked at.
type comparison struct{ seen int }

// alike is ==.
func alike(a, b any) (bool, error) { return new(comparison).same(a, b) }

func (c *comparison) same(a, b any) (bool, error) {
	if c.seen++; c.seen > maxValues {
		return false, &Error{Message: "the values are too large to be compared"}
	}
	switch a.(type) {
	case nil, bool, string, int64, int, float64, json.Number:
		return equal(a, b), nil
	}
	switch x := shallow(a).(type) {
	case map[string]any:
		if y, ok := shallow(b).(map[string]any); ok {
			return c.objects(x, y)
		}
	case []any:
		if y, ok := shallow(b).([]any); ok {
			return c.lists(x, y)
		}
	}
	return runtime.Equal(a, b), nil
}

var equal = ordered(runtime.Equal, func(c int) bool { return c == 0 })

func (c *comparison) objects(x, y map[string]any) (bool, error) {
	if len(x) != len(y) {
		return false, nil
	}
	for k, v := range x {
		w, there := y[k]
		if !there {
			return false, nil
		}
		if same, err := c.same(v, w); !same {
			return false, err
		}
	}
	return true, nil
}

func (c *comparison) lists(x, y []any) (bool, error) {
	if len(x) != len(y) {
		return false, nil
	}
	for i := range x {
		if same, err := c.same(x[i], y[i]); !same {
			return false, err
		}
	}
	return true, nil
}

// within is the operator in: whether a list has the item, or an object the key.
func within(v, in any) (any, error) {
	switch in := in.(type) {
	case nil:
		return false, nil
	case wordSet:
		text, ok := v.(string)
		return ok && in[text], nil
	case map[string]any:
		text, ok := v.(string)
		_, has := in[text]
		return ok && has, nil
	}
	list, ok := shallow(in).([]any)
	if object := reflect.ValueOf(in); object.Kind() == reflect.Map { // as groupBy gives it
		for it := object.MapRange(); it.Next(); {
			list = append(list, it.Key().Interface())
		}
	} else if !ok {
		return nil, &Error{Message: "in looks into a list or an object, not into " + kindOf(in)}
	}
	var c comparison
	for _, item := range list {
		if same, err := c.same(item, v); same || err != nil {
			return same, err
		}
	}
	return false, nil
}

// wordSet are texts that are written out.
type wordSet map[string]bool

// in rewrites the operator in, unless both sides are written out or it is a range.
func (x *rewriter) in(n *ast.BinaryNode) ast.Node {
	list, isList := n.Right.(*ast.ArrayNode)
	right, isRange := n.Right.(*ast.BinaryNode)
	_, literal := constant(n.Left)
	if isRange && right.Operator == ".." || isList && literal {
		return n
	}
	if isList && len(list.Nodes) > 0 {
		words := wordSet{}
		for _, item := range list.Nodes {
			if text, ok := item.(*ast.StringNode); ok {
				words[text.Value] = true
			}
		}
		if len(words) == len(list.Nodes) {
			return call(n, withinName, n.Left, at(n, &ast.ConstantNode{Value: words}))
		}
	}
	return call(n, withinName, n.Left, n.Right)
}

// sorted is a list in the order of keys, which may be the list itself. Items with the same
// key stay in their order.
func sorted(name string, v, by any, order []any) (any, error) {
	descending := len(order) > 0 && order[0] == "desc"
	if len(order) > 0 && !descending && order[0] != "asc" {
		return nil, &Error{Message: name + ` goes "asc" or "desc", not ` + schema.Describe(order[0])}
	}
	if v == nil {
		return []any{}, nil
	}
	list, err := listIn(name, v)
	if err != nil {
		return nil, err
	}
	keys, err := listIn(name, by)
	if err != nil {
		return nil, err
	}
	type row struct{ item, key any }
	rows := make([]row, len(list))
	for i := range list {
		rows[i] = row{list[i], keys[i]}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		if descending {
			a, b = b, a
		}
		switch {
		case less(a.key, b.key):
			return -1
		case less(b.key, a.key):
			return 1
		}
		return 0
	})
	result := make([]any, len(rows))
	for i := range rows {
		result[i] = rows[i].item
	}
	return result, nil
}

var less = ordered(runtime.Less, func(c int) bool { return c < 0 })

// sortBy has the keys of all items made first.
func (x *rewriter) sortBy(n *ast.BuiltinNode) ast.Node {
	x.sorts++
	list := "$list" + strconv.Itoa(x.sorts)
	named := func() ast.Node { return at(n, &ast.IdentifierNode{Value: list}) }
	keys := at(n, &ast.BuiltinNode{Name: "map", Arguments: []ast.Node{named(), n.Arguments[1]}})
	args := append([]ast.Node{named(), keys}, n.Arguments[2:]...)
	return at(n, &ast.VariableDeclaratorNode{Name: list, Value: n.Arguments[0], Expr: call(n, sortedName, args...)})
}
