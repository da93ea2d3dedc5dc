package control

import (
	"errors"
	"fmt"
	"strings"

	"flowdeck/cards/schema"
)

type condition struct {
	Left     any    `json:"left" label:"Value" help:"Usually an output of another card."`
	Operator string `json:"operator" label:"Is" default:"equals" form:"required,fixed" options:"equals=equals|not_equals=does not equal|greater=is greater than|greater_equals=is at least|less=is less than|less_equals=is at most|contains=contains|not_contains=does not contain|starts_with=starts with|ends_with=ends with|matches=matches|in=is one of|not_in=is none of|is_empty=is empty|is_not_empty=is not empty|is_true=is true|is_false=is false|has_key=has the key|has_not_key=does not have the key|multiple_of=is a multiple of" help:"How the two are compared."`
	Right    any    `json:"right" label:"Compared with" help:"Text, a number, or another card's output. Not used by is empty, is true and the like."`
}

func (c condition) holds(compiled *patterns) (bool, error) {
	switch c.Operator {
	case "equals":
		return equal(c.Left, c.Right), nil
	case "not_equals":
		return !equal(c.Left, c.Right), nil
	case "greater", "greater_equals", "less", "less_equals":
		return c.inOrder()
	case "in":
		return c.oneOf()
	case "not_in":
		return not(c.oneOf())
	case "contains":
		return c.contains()
	case "not_contains":
		return not(c.contains())
	case "starts_with":
		return c.texts(strings.HasPrefix)
	case "ends_with":
		return c.texts(strings.HasSuffix)
	case "matches":
		return c.matches(compiled)
	case "has_key":
		return c.hasKey()
	case "has_not_key":
		return not(c.hasKey())
	case "is_empty":
		return empty(c.Left), nil
	case "is_not_empty":
		return !empty(c.Left), nil
	case "is_true":
		return c.is(true)
	case "is_false":
		return c.is(false)
	case "multiple_of":
		return c.multipleOf()
	}
	return false, fmt.Errorf("no such comparison: %q", c.Operator)
}

func not(b bool, err error) (bool, error) { return !b && err == nil, err }

// equal is schema.Equal, but for a number beside text that is the number written
// out, and for nothing beside empty text: a field that is left blank holds either.
func equal(a, b any) bool {
	if schema.Equal(a, b) {
		return true
	}
	if a == nil && b == "" || a == "" && b == nil {
		return true
	}
	if isText(a) != isText(b) {
		x, okX := number(a)
		y, okY := number(b)
		return okX && okY && schema.Equal(x, y)
	}
	return false
}

// number returns a number, or the number that text is.
func number(v any) (any, bool) {
	switch schema.TypeOf(v) {
	case schema.Number:
		return v, true
	case schema.Text:
		return schema.ParseNumber(strings.TrimSpace(v.(string)))
	}
	return nil, false
}

func isText(v any) bool { _, is := v.(string); return is }

func (c condition) inOrder() (bool, error) {
	var order int
	x, okX := number(c.Left)
	y, okY := number(c.Right)
	switch {
	case okX && okY:
		order, _ = schema.CompareNumbers(x, y)
	case isText(c.Left) && isText(c.Right):
		order = strings.Compare(c.Left.(string), c.Right.(string))
	default:
		return false, c.cannot("two numbers, or two texts")
	}
	switch c.Operator {
	case "greater":
		return order > 0, nil
	case "greater_equals":
		return order >= 0, nil
	case "less":
		return order < 0, nil
	}
	return order <= 0, nil
}

// cannot says that the operator does not fit its values.
func (c condition) cannot(needs string) error {
	return fmt.Errorf("%q cannot compare %s with %s; it needs %s", label(c.Operator), schema.Describe(c.Left), schema.Describe(c.Right), needs)
}

var conditionForm = schema.Of[condition]()

// label is what people read for an operator.
func label(operator string) string {
	field, _ := conditionForm.Field("operator")
	for _, o := range field.Options {
		if o.Value == operator {
			return o.Label
		}
	}
	return operator
}

func (c condition) is(want bool) (bool, error) {
	switch c.Left {
	case true, false:
		return c.Left == want, nil
	case "true", "false":
		return (c.Left == "true") == want, nil
	case nil, "":
		return false, nil
	}
	return false, fmt.Errorf("must be true or false, got %s", schema.Describe(c.Left))
}

func (c condition) multipleOf() (bool, error) {
	x, okX := number(c.Left)
	y, okY := number(c.Right)
	if !okX || !okY {
		return false, c.cannot("two numbers")
	}
	multiple, ok := schema.MultipleOf(x, y)
	if !ok {
		return false, errors.New("a multiple can only be of a number other than 0, with fewer than 400 digits")
	}
	return multiple, nil
}

func empty(v any) bool {
	switch x := v.(type) {
	case nil:
		return true
	case string:
		return x == ""
	case []any:
		return len(x) == 0
	case map[string]any:
		return len(x) == 0
	}
	return false
}
