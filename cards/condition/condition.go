// Package condition compares two values the way every card that has a condition does.
//
// It decides and remembers nothing that could change an answer.
package condition

import (
	"errors"
	"fmt"
	"strings"

	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

// Operation is how two values are compared: the one list of operators there is.
type Operation struct {
	Operator string `json:"operator" label:"Is" default:"equals" form:"required,fixed" options:"equals=equals|not_equals=does not equal|greater=is greater than|greater_equals=is at least|less=is less than|less_equals=is at most|contains=contains|not_contains=does not contain|starts_with=starts with|ends_with=ends with|matches=matches|in=is one of|not_in=is none of|is_empty=is empty|is_not_empty=is not empty|is_true=is true|is_false=is false|has_key=has the key|has_not_key=does not have the key|multiple_of=is a multiple of" help:"How the two are compared."`
}

// Condition is a value, how it is compared, and with what.
type Condition struct {
	Left any `json:"left" label:"Value" help:"Usually an output of another card."`
	Operation
	Right any `json:"right" label:"Compared with" help:"Text, a number, or another card's output. Not used by is empty, is true and the like."`
}

// Of makes a condition.
func Of(left any, o Operation, right any) Condition { return Condition{left, o, right} }

// Holds reports whether the condition is true. The error says, for the author, what
// does not fit together.
func (c Condition) Holds(compiled *pattern.Cache) (bool, error) {
	switch c.Operator {
	case "equals":
		return Equal(c.Left, c.Right), nil
	case "not_equals":
		return !Equal(c.Left, c.Right), nil
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
		return Empty(c.Left), nil
	case "is_not_empty":
		return !Empty(c.Left), nil
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

// Equal is schema.Equal, but for a number beside text that is the number written
// out, and for nothing beside empty text: a field that is left blank holds either.
func Equal(a, b any) bool {
	if schema.Equal(a, b) {
		return true
	}
	if a == nil && b == "" || a == "" && b == nil {
		return true
	}
	if isText(a) != isText(b) {
		x, okX := Number(a)
		y, okY := Number(b)
		return okX && okY && schema.Equal(x, y)
	}
	return false
}

// Number returns a number, or the number that text is.
func Number(v any) (any, bool) {
	switch schema.TypeOf(v) {
	case schema.Number:
		return v, true
	case schema.Text:
		return schema.ParseNumber(strings.TrimSpace(v.(string)))
	}
	return nil, false
}

func isText(v any) bool { _, is := v.(string); return is }

func (c Condition) inOrder() (bool, error) {
	var order int
	x, okX := Number(c.Left)
	y, okY := Number(c.Right)
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
func (c Condition) cannot(needs string) error {
	return fmt.Errorf("%q cannot compare %s with %s; it needs %s", label(c.Operator), schema.Describe(c.Left), schema.Describe(c.Right), needs)
}

var conditionForm = schema.Of[Condition]()

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

func (c Condition) is(want bool) (bool, error) {
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

func (c Condition) multipleOf() (bool, error) {
	x, okX := Number(c.Left)
	y, okY := Number(c.Right)
	if !okX || !okY {
		return false, c.cannot("two numbers")
	}
	multiple, ok := schema.MultipleOf(x, y)
	if !ok {
		return false, errors.New("a multiple can only be of a number other than 0, with fewer than 400 digits")
	}
	return multiple, nil
}

// Empty reports whether v is nothing, or text, a list or an object with nothing in it.
func Empty(v any) bool {
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
