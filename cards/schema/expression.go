package schema

import (
	"encoding/json"
	"errors"
	"reflect"
)

// Expression is what an author wrote into a field of the format Inline, made ready
// to be evaluated, once per item of a list for example. Whoever plans a flow makes
// it; in a journal, in history and on a page it is its text.
type Expression struct {
	text string
	eval func(vars []any) (any, error)
}

// NewExpression returns an expression that reads text and is evaluated by eval over
// the values of the variables that its field names, in their order.
func NewExpression(text string, eval func(vars []any) (any, error)) *Expression {
	return &Expression{text, eval}
}

var errNoExpression = errors.New("there is no expression")

// Eval evaluates the expression. It is for one goroutine at a time.
func (e *Expression) Eval(vars ...any) (any, error) {
	if e == nil || e.eval == nil {
		return nil, errNoExpression
	}
	return e.eval(vars)
}

// String returns the expression as it was written.
func (e *Expression) String() string {
	if e == nil {
		return ""
	}
	return e.text
}

// MarshalJSON writes the expression as it was written.
func (e *Expression) MarshalJSON() ([]byte, error) { return json.Marshal(e.String()) }

var expressionType = reflect.TypeFor[*Expression]()

func setExpression(x *filler, dst reflect.Value, v any) {
	e, ok := v.(*Expression)
	if !ok {
		x.problem("is an expression, which is read when the flow is made")
		return
	}
	dst.Set(reflect.ValueOf(e))
}
