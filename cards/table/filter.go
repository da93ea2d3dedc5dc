package table

import (
	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

var testForm = schema.Of[test]()

// Operators are the ways in which a column can be compared.
func Operators() []schema.Option {
	f, _ := testForm.Field("operator")
	return f.Options
}

// Filter is the query of one condition.
func Filter(t cards.Table, column, operator, value string) (cards.RowQuery, error) {
	var c test
	err := testForm.Decode(schema.Values{"column": column, "operator": operator, "right": value}, &c)
	if err != nil {
		return cards.RowQuery{}, err
	}
	return whereInput{Match: "all", Conditions: []test{{Column: c.Column, Operation: condition.Operation{Operator: c.Operator}, Right: c.Right}}}.query(t, pattern.New())
}
