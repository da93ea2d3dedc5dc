package condition

import (
	"fmt"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
)

// Doubts says which conditions of a card cannot mean what they say, as far as types are
// known before a run: conditions and groups at the top of in. It is cards.Spec.Warn.
func Doubts(in schema.Values) schema.Problems {
	list := doubts("", in)
	groups, _ := in["groups"].([]any)
	for i, g := range groups {
		object, _ := g.(map[string]any)
		list = append(list, doubts("groups."+strconv.Itoa(i)+".", object)...)
	}
	return list
}

func doubts(prefix string, in schema.Values) (list schema.Problems) {
	conditions, _ := in["conditions"].([]any)
	for i, x := range conditions {
		object, _ := x.(map[string]any)
		operator, _ := object["operator"].(string)
		if why := Clash(object["left"], operator, object["right"]); why != "" {
			list = append(list, schema.Problem{Field: fmt.Sprintf("%sconditions.%d", prefix, i), Message: why})
		}
	}
	return list
}

// Clash says why a comparison of two values, of which perhaps only the types are
// known, will fail or always come out the same; "" when there is no reason to doubt.
func Clash(left any, operator string, right any) string {
	a, b := kindOf(left), kindOf(right)
	both := fmt.Sprintf("compares %s with %s", a.words, b.words)
	switch operator {
	case "equals", "not_equals", "":
		if a.known() && b.known() && a.kind != b.kind && !a.number(b) && !b.number(a) {
			return both + ": they are never equal. Convert one of them first"
		}
	case "greater", "greater_equals", "less", "less_equals":
		if a.is(schema.Boolean, schema.Object, schema.List) || b.is(schema.Boolean, schema.Object, schema.List) {
			return both + ", which have no order: the card will fail"
		}
		if a.known() && b.known() && a.kind != b.kind && !a.number(b) && !b.number(a) {
			return both + ": the card fails unless the text is a number"
		}
	case "contains", "not_contains", "starts_with", "ends_with", "matches":
		if a.is(schema.Boolean, schema.Object) || a.is(schema.List) && operator != "contains" && operator != "not_contains" {
			return "looks for text in " + a.words + ": the card will fail"
		}
	case "is_true", "is_false":
		if a.is(schema.Number, schema.Object, schema.List) {
			return "asks whether " + a.words + " is true: the card will fail"
		}
	case "has_key", "has_not_key":
		if a.is(schema.Text, schema.Number, schema.Boolean, schema.List) {
			return "looks for a key in " + a.words + ": the card will fail"
		}
	case "in", "not_in":
		if b.is(schema.Number, schema.Boolean, schema.Object) {
			return "looks for a value in " + b.words + ", which is no list: the card will fail"
		}
	case "multiple_of":
		if a.is(schema.Boolean, schema.Object, schema.List) || b.is(schema.Boolean, schema.Object, schema.List) {
			return both + ": only numbers are multiples"
		}
	}
	return ""
}

// side is what is known of one side of a comparison.
type side struct {
	kind  schema.Type // Any when nothing is
	text  string      // of text that is written there
	fixed bool        // the value is written there
	words string
}

func kindOf(v any) side {
	if t, later := schema.ExpectedType(v); later {
		return side{kind: plainType(t), words: article(t)}
	}
	if empty(v) {
		return side{kind: schema.Any, words: "nothing"}
	}
	text, _ := v.(string)
	return side{kind: plainType(schema.TypeOf(v)), text: text, fixed: true, words: schema.Describe(v)}
}

func empty(v any) bool { return v == nil || v == "" }

// plainType is a type as comparisons see it: dates are text, files are objects.
func plainType(t schema.Type) schema.Type {
	switch t {
	case schema.Date:
		return schema.Text
	case schema.File:
		return schema.Object
	}
	return t
}

func article(t schema.Type) string {
	switch t {
	case schema.Text:
		return "text"
	case schema.Boolean:
		return "true or false"
	case schema.Object:
		return "an object"
	case schema.Any:
		return "any value"
	}
	return "a " + string(t)
}

func (s side) known() bool { return s.kind != schema.Any }

func (s side) is(types ...schema.Type) bool {
	for _, t := range types {
		if s.kind == t {
			return true
		}
	}
	return false
}

// number reports whether s is text that may stand beside the number n: text whose
// content is not known yet counts only when it is written out as one.
func (s side) number(n side) bool {
	if s.kind != schema.Text || n.kind != schema.Number || !s.fixed {
		return false
	}
	_, ok := schema.ParseNumber(strings.TrimSpace(s.text))
	return ok
}
