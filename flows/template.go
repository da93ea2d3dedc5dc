package flows

import (
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Segment is a stretch of a template: literal text, or what stands between braces.
type Segment = expr.Segment

// Key is one step down a value: a name in an object, or an index in a list.
type Key = expr.Key

// Mention is a reference as some template makes it.
type Mention = expr.Reference

// Segments cuts the text of an input into pieces, for showing it. It never fails:
// what is wrong with a piece says so in its Err.
func Segments(text string) []Segment { return expr.Segments(text) }

// InlineMentions lists what the expression in an Inline field mentions: earlier cards,
// not the names that the field has of its own.
func InlineMentions(f schema.Field, v any) []Mention {
	text, ok := v.(string)
	if !ok || f.Format != schema.Inline {
		return nil
	}
	return expr.InlineReferences(text, f.Vars)
}

// ValueAt returns the value at a path as references write it, "body.items[0].id",
// below v; nil when there is none.
func ValueAt(v any, path string) any {
	keys, err := expr.ParsePath(path)
	if err != nil {
		return nil
	}
	return expr.At(v, keys)
}
