package condition

import (
	"fmt"
	"slices"
	"strings"

	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

// oneOf reports whether the left value is in the list at the right.
func (c Condition) oneOf() (bool, error) {
	list, isList := Listed(c.Right)
	if !isList {
		return false, c.cannot("a list, or names with commas between them, on the right")
	}
	return slices.ContainsFunc(list, func(e any) bool { return Equal(c.Left, e) }), nil
}

// Listed is the list that "is one of" looks in: a list, a list written as JSON, or names
// with commas between them.
func Listed(v any) (list []any, isList bool) {
	s, isText := v.(string)
	if !isText {
		list, isList = v.([]any)
		return list, isList
	}
	if v, err := schema.DecodeJSONText(s); err == nil && schema.TypeOf(v) == schema.List {
		return v.([]any), true
	}
	for name := range strings.SplitSeq(s, ",") {
		list = append(list, strings.TrimSpace(name))
	}
	return list, true
}

// contains reports whether a list holds a value or text holds text.
func (c Condition) contains() (bool, error) {
	if list, isList := c.Left.([]any); isList {
		return slices.ContainsFunc(list, func(e any) bool { return Equal(e, c.Right) }), nil
	}
	return c.texts(strings.Contains)
}

// texts applies f to both sides as text. Nothing has no text in it.
func (c Condition) texts(f func(s, part string) bool) (bool, error) {
	if c.Left == nil {
		return false, nil
	}
	s, okS := plain(c.Left)
	part, okPart := plain(c.Right)
	if !okS || !okPart {
		return false, c.cannot("text")
	}
	return f(s, part), nil
}

// plain returns text, or a number as text.
func plain(v any) (string, bool) {
	if s, ok := v.(string); ok {
		return s, true
	}
	return schema.FormatNumber(v)
}

func (c Condition) hasKey() (bool, error) {
	key, ok := plain(c.Right)
	if !ok || key == "" {
		return false, fmt.Errorf("needs the name of a key, got %s", schema.Describe(c.Right))
	}
	switch object := c.Left.(type) {
	case nil:
		return false, nil
	case map[string]any:
		_, there := object[key]
		return there, nil
	}
	return false, fmt.Errorf("only an object has keys, got %s", schema.Describe(c.Left))
}

func (c Condition) matches(compiled *pattern.Cache) (bool, error) {
	written, ok := c.Right.(string)
	if !ok || written == "" {
		return false, fmt.Errorf("needs a pattern, got %s", schema.Describe(c.Right))
	}
	re, err := compiled.Compile(written)
	if err != nil {
		return false, err
	}
	if s, isText := c.Left.(string); isText && !pattern.Affordable(re, s) {
		return false, pattern.ErrSlow
	}
	return c.texts(func(s, _ string) bool { return re.MatchString(s) })
}
