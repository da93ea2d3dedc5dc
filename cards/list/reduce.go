package list

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type reduceInput struct {
	listInput
	Expression *schema.Expression `json:"expression" form:"required" vars:"acc item index" placeholder:"acc + item.price" help:"What becomes of acc with each item, which is called item; its position, from 0, is index."`
	Start      any                `json:"start" help:"What acc is before the first item, such as 0."`
}

type reduceOutput struct {
	Value any `json:"value" help:"What acc is after the last item."`
}

// Reduce makes one value of a list.
var Reduce = declare(cards.Spec{
	Name:    "list.reduce",
	Title:   "Reduce",
	Icon:    "sigma",
	Summary: "Makes one value of a list, item by item.",
	Doc: "Begins with a value, called **acc**, and goes through the list: what the expression makes of acc and the item is the next acc.\n\n" +
		"- An empty list gives the value that it began with. For totals there is **Sum**, for one object of many **Collapse**." + inlineDoc,
	Keywords: []string{"list", "fold", "accumulate", "aggregate", "total", "memo", "expression"},
	Examples: []cards.Example{{
		Title: "A total of prices and amounts",
		In:    schema.Values{"list": []any{schema.Values{"p": 2, "n": 3}, schema.Values{"p": 5, "n": 1}}, "start": 0, "expression": "acc + item.p * item.n"},
		Out:   schema.Values{"value": 11},
	}, {
		Title: "An empty list",
		In:    schema.Values{"list": []any{}, "start": "none", "expression": "acc + item"},
		Out:   schema.Values{"value": "none"},
	}, {
		Title: "A beginning is missing",
		In:    schema.Values{"list": []any{1}, "expression": "acc + item"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in reduceInput) (reduceOutput, error) {
	acc := in.Start
	for i, item := range in.List {
		var err error
		if acc, err = evaluated(in.Expression, i, acc, item, int64(i)); err != nil {
			return reduceOutput{}, err
		}
	}
	return reduceOutput{acc}, nil
})
