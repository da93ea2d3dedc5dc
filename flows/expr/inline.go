package expr

import (
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"flowdeck/cards/schema"
)

// lambda rewrites an argument that a function evaluates itself, once per item: a
// program of its own over the names in vars and everything the expression sees.
func (x *rewriter) lambda(n ast.Node, vars []string) ast.Node {
	inner := rewriter{code: x.code, lib: x.lib, config: x.config, bound: append(slices.Clip(x.bound), vars...)}
	tree := inner.node(n)
	if inner.err != nil {
		x.err, x.at = inner.err, inner.at
		return n
	}
	program, err := x.code.assemble(tree, x.config)
	if err != nil {
		return x.fail(n, plain(err.Error()))
	}
	x.code.spends = true
	captured := at(n, &ast.MapNode{})
	for _, name := range x.lets() {
		captured.Pairs = append(captured.Pairs, at(n, &ast.PairNode{Key: at(n, &ast.StringNode{Value: name}), Value: at(n, &ast.IdentifierNode{Value: name})}))
	}
	l := &inlined{code: x.code, program: program, vars: vars}
	return call(n, lambdaName, at(n, &ast.IdentifierNode{Value: "$env"}), at(n, &ast.ConstantNode{Value: l}), captured)
}

// inlined is an expression that is evaluated many times, with other values of vars.
type inlined struct {
	code    *code
	program *vm.Program
	vars    []string
}

// bind makes it an Expression over what env holds now.
func (l *inlined) bind(env, captured map[string]any) *schema.Expression {
	own := make(map[string]any, len(env)+len(captured)+len(l.vars))
	maps.Copy(own, env)
	maps.Copy(own, captured)
	b := own[budgetName].(*budget)
	machine := vm.VM{MemoryBudget: memoryBudget / 10}
	return schema.NewExpression(l.code.src, func(values []any) (any, error) {
		if err := b.tick(); err != nil {
			return nil, err
		}
		for i, name := range l.vars {
			own[name] = values[i]
		}
		v, err := machine.Run(l.program, own)
		if err == nil {
			v, err = b.take(v)
		}
		switch {
		case err == nil:
			return v, nil
		case l.code.bare:
			return nil, l.code.failure(err)
		}
		return nil, cause(err) // the expression around names itself
	})
}

// Inline reads src as an expression over the names in vars, without braces. Braces
// that are there all the same, around a dropped reference, count as parentheses.
// What it gives when it is evaluated is an *schema.Expression.
func (l Library) Inline(src string, vars []string) (Node, error) {
	c, err := l.inline(src, vars)
	if err != nil {
		return Node{}, err
	}
	return Node{kind: isInline, inline: &inlined{code: c, program: c.program, vars: vars}}, nil
}

func (l Library) inline(src string, vars []string) (*code, error) {
	plain, err := unbraced(src)
	if err != nil {
		return nil, err
	}
	c, from, err := newCode(plain)
	if err != nil {
		return nil, err
	}
	c.bare = true
	if err := c.compile(l, plain, from, vars); err != nil {
		return nil, err
	}
	c.place(plain, from)
	return c, nil
}

// unbraced makes parentheses of braces; every other byte keeps its place.
func unbraced(src string) (string, error) {
	b := []byte(src)
	for at := 0; ; {
		open := braceOutside(src, at)
		if open < 0 {
			return string(b), nil
		}
		end, _ := closing(src, open+2)
		if end < 0 {
			return "", errorAt(src, open, "{{ is never closed")
		}
		copy(b[open:], " (")
		copy(b[end:], ") ")
		at = end + 2
	}
}

// braceOutside returns where {{ stands behind from that is not inside of quotes, or -1.
func braceOutside(src string, from int) int {
	for i := from; i < len(src); i++ {
		switch c := src[i]; c {
		case '"', '\'', '`':
			if i = endOfQuote(src, i, src[i:i+1]); i < 0 {
				return -1 // it is never closed, as the parser will say
			}
		case '{':
			if strings.HasPrefix(src[i:], "{{") {
				return i
			}
		}
	}
	return -1
}

// eval evaluates the references and leaves the rest to whoever gets the Expression.
func (l *inlined) eval(scope Scope) *schema.Expression {
	return l.bind(l.code.env(scope), nil)
}

// InlineReferences lists what an inline expression mentions; nothing when it is wrong.
func InlineReferences(src string, vars []string) []Reference {
	c, err := Lenient().inline(src, vars)
	if err != nil {
		return nil
	}
	return c.refs
}

// RenameInline is Rename for an inline expression.
func RenameInline(src string, vars []string, names map[string]string) string {
	c, err := Lenient().inline(src, vars)
	if err != nil {
		return src
	}
	plain, err := unbraced(src)
	if err != nil {
		return src
	}
	return replaced(src, strings.Index(plain, c.src), c.refs, names)
}
