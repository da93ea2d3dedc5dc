package expr

import (
	"github.com/expr-lang/expr/ast"

	"flowdeck/cards/pattern"
)

// matches rewrites `text matches "pattern"`: a pattern that is written out is read
// now, and a search that would take too long is refused.
func (x *rewriter) matches(n *ast.BinaryNode) ast.Node {
	patterns := pattern.New()
	if s, ok := n.Right.(*ast.StringNode); ok {
		if _, err := patterns.Compile(s.Value); err != nil {
			return x.fail(n.Right, patternMessage(err))
		}
	}
	x.code.spends = true
	return call(n, matchesName, at(n, &ast.IdentifierNode{Value: budgetName}), at(n, &ast.ConstantNode{Value: patterns}), n.Left, n.Right)
}

// patternMessage says what is wrong with a pattern, without its subject twice.
func patternMessage(err error) string {
	if text := err.Error(); len(text) > 3 && text[:3] == "is " {
		return "this " + text
	}
	return err.Error()
}

func matches(b *budget, patterns *pattern.Cache, text, by any) (any, error) {
	if text == nil {
		return false, nil
	}
	s, isText := text.(string)
	written, isPattern := by.(string)
	switch {
	case !isText:
		return nil, &Error{Message: "matches looks at text, not " + kindOf(text)}
	case !isPattern:
		return nil, &Error{Message: "matches takes a pattern as text, not " + kindOf(by)}
	}
	if err := b.tick(); err != nil {
		return nil, err
	}
	re, err := patterns.Compile(written)
	if err != nil {
		return nil, &Error{Message: patternMessage(err)}
	}
	if len(s) < 64<<10 {
		return re.MatchString(s), nil
	}
	if !pattern.Affordable(re, s) {
		return nil, &Error{Message: pattern.ErrSlow.Error()}
	}
	return re.MatchString(s), b.clock()
}
