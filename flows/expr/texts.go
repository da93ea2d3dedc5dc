package expr

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/vm/runtime"

	"flowdeck/cards/schema"
)

// texts are functions that count the letters of a text, as len and the cards do, where
// those of expr-lang count its bytes.
func texts() []*builtin.Function {
	return []*builtin.Function{
		{Name: cutName, Func: func(p ...any) (any, error) { return cut(p[0], p[1], p[2]) }},
		{Name: amountName, Func: func(p ...any) (any, error) { return amount(p[0]), nil }},
		typed("indexOf", func(p ...any) (any, error) { return letters(p[0], strings.Index(p[0].(string), p[1].(string))), nil }),
		typed("lastIndexOf", func(p ...any) (any, error) {
			return letters(p[0], strings.LastIndex(p[0].(string), p[1].(string))), nil
		}),
		parted("split"), parted("splitAfter"),
		typed("fromBase64", func(p ...any) (any, error) { return fromBase64(p[0].(string)) }),
		typed("type", func(p ...any) (any, error) { return kind(p[0]), nil }),
	}
}

// typed is a function of that name. What it is called with, and what it gives, is checked
// as expr-lang does.
func typed(name string, f func(...any) (any, error)) *builtin.Function {
	theirs := builtin.Builtins[builtin.Index[name]]
	return &builtin.Function{Name: name, Func: f, Types: theirs.Types, Validate: theirs.Validate}
}

// parted is a function that cuts a text, into as many parts as a list may have.
func parted(name string) *builtin.Function {
	f := builtin.Builtins[builtin.Index[name]].Func
	return typed(name, func(p ...any) (any, error) {
		if len(p) == 2 && strings.Count(p[0].(string), p[1].(string)) > memoryBudget {
			return nil, errItems
		}
		return f(p...)
	})
}

// letters is how many letters a text has before that byte; -1 stays what it is.
func letters(text any, before int) int {
	if before < 0 {
		return before
	}
	return utf8.RuneCountInString(text.(string)[:before])
}

func fromBase64(text string) (any, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, &Error{Message: "fromBase64: this is not Base64: " + err.Error()}
	}
	if !utf8.Valid(b) {
		return nil, &Error{Message: "fromBase64: what this Base64 holds is not text"}
	}
	return string(b), nil
}

func kind(v any) any {
	if _, long := v.(json.Number); long {
		if _, whole := large(v); whole {
			return "int"
		}
		return "float"
	}
	return builtin.Type(v)
}

// place is v as a place in a text or a list; one that is beyond any is the last there may be.
func place(v any) (int, bool) {
	switch v := calculable(v).(type) {
	case int:
		return v, true
	case int64:
		return int(v), true
	case float64:
		return int(max(-math.MaxInt32, min(v, math.MaxInt32))), true
	}
	return 0, false
}

// amount is v as methods of dates take it, which know no whole numbers but int.
func amount(v any) any {
	switch x := v.(type) {
	case int64:
		return int(x)
	case float64:
		if x, ok := whole(x).(int64); ok {
			return int(x)
		}
	}
	return v
}

// cut rewrites text[from:to] and list[from:to].
func (x *rewriter) cut(n *ast.SliceNode) ast.Node {
	from, to := ast.Node(at(n, &ast.IntegerNode{})), ast.Node(at(n, &ast.IntegerNode{Value: math.MaxInt32}))
	v := x.node(n.Node)
	if n.From != nil {
		from = x.node(n.From)
	}
	if n.To != nil {
		to = x.node(n.To)
	}
	return call(n, cutName, v, from, to)
}

// cut is what stands between two places, which count from the end when they are negative.
func cut(v, from, to any) (any, error) {
	a, ok := place(from)
	if !ok {
		return nil, &Error{Message: "a part begins at a number, not at " + schema.Describe(from)}
	}
	b, ok := place(to)
	if !ok {
		return nil, &Error{Message: "a part ends at a number, not at " + schema.Describe(to)}
	}
	text, isText := v.(string)
	if !isText {
		if list, ok := shallow(v).([]any); ok {
			return runtime.Slice(list, a, b), nil
		}
		return nil, &Error{Message: "only a text or a list has parts, not " + kindOf(v)}
	}
	if a < 0 || b < 0 {
		n := utf8.RuneCountInString(text)
		if a < 0 {
			a = max(a+n, 0)
		}
		if b < 0 {
			b = max(b+n, 0)
		}
	}
	if a >= b {
		return "", nil
	}
	begin := byteOf(text, a)
	return text[begin : begin+byteOf(text[begin:], b-a)], nil
}
