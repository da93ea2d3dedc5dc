package expr

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm/runtime"
)

// making are functions that make texts or lists of what they are given, with how
// much larger a result may be in memory than its own measure.
var making = map[string]int{addName: 1, "string": 1, "toJSON": 1, "replace": 1, "join": 1, "repeat": 1,
	"upper": 1, "lower": 1, "toBase64": 1, "fromBase64": 1, "split": 1, "splitAfter": 1,
	"sort": 1, "uniq": 1, "flatten": 1, "keys": 1, "values": 1, "toPairs": 4, "fromPairs": 1}

// readWeight is how much larger JSON may become when it is read.
const readWeight = 8

// weigh has the value of n counted when the expression runs.
func (x *rewriter) weigh(n ast.Node, weight int) ast.Node {
	x.code.spends = true
	return call(n, madeName, at(n, &ast.IdentifierNode{Value: budgetName}), n, at(n, &ast.IntegerNode{Value: weight}))
}

func repeat(p ...any) (any, error) {
	if len(p) != 2 {
		return nil, &Error{Message: fmt.Sprintf("repeat takes a text and how often, not %d values", len(p))}
	}
	s, ok := p[0].(string)
	if !ok {
		return nil, &Error{Message: "repeat takes a text and how often, not " + kindOf(p[0])}
	}
	switch calculable(p[1]).(type) {
	case int, int64, float64:
	default:
		return nil, &Error{Message: "repeat takes a text and how often, not " + kindOf(p[1])}
	}
	n := runtime.ToInt(calculable(p[1]))
	switch {
	case n < 0:
		return nil, &Error{Message: "repeat takes a text and how often, not a number below 0"}
	case n > 0 && len(s) > maxText/n:
		return nil, errTooLong
	}
	return strings.Repeat(s, n), nil
}
