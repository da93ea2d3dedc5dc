package list

import (
	"fmt"

	"flowdeck/cards/schema"
)

// inlineInput is a list and an expression that is evaluated for each item of it.
type inlineInput struct {
	listInput
	Expression *schema.Expression `json:"expression" form:"required" vars:"item index" placeholder:"item.price * item.quantity" help:"Evaluated for each item, which is called item; its position, from 0, is index."`
}

// testingInput is inlineInput where the expression is a question.
type testingInput struct {
	listInput
	Expression *schema.Expression `json:"expression" label:"Condition" form:"required" vars:"item index" placeholder:"item.total > 100" help:"True or false for each item, which is called item; its position, from 0, is index."`
}

const inlineDoc = "\n- The expression names the item **item** and its position **index**; outputs of earlier cards stand in it as they do between braces: `item.total > settings.limit`.\n" +
	"- When it fails for an item, the card fails, and the message says for which."

// of is what the expression makes of the item at position i.
func (in inlineInput) of(i int) (any, error) {
	return evaluated(in.Expression, i, in.List[i], int64(i))
}

func evaluated(e *schema.Expression, i int, vars ...any) (any, error) {
	v, err := e.Eval(vars...)
	if err != nil {
		return nil, failed(i, err.Error())
	}
	return v, nil
}

func failed(i int, why string) error {
	return schema.Problems{{Field: "expression", Message: fmt.Sprintf("fails for list.%d: %s", i, why)}}
}

// holds reports whether the item at position i passes.
func (in testingInput) holds(i int) (bool, error) {
	v, err := evaluated(in.Expression, i, in.List[i], int64(i))
	if err != nil {
		return false, err
	}
	switch v {
	case true, false:
		return v.(bool), nil
	case nil:
		return false, nil
	}
	return false, failed(i, "must be true or false, got "+schema.Describe(v))
}
