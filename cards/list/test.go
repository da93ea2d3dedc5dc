package list

import (
	"fmt"

	"flowdeck/cards/condition"
	"flowdeck/cards/path"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

// test is a condition that each item is held against.
type test struct {
	Path path.Path `json:"path" placeholder:"status" help:"What of an item is compared, such as status; left empty, the item itself."`
	condition.Operation
	Value any `json:"value" label:"Compared with" help:"Text, a number, or another card's output. Not used by is empty, is true and the like."`
}

const testDoc = "\n- Items are compared as **If / Else** compares: a number and text that is a number are compared as numbers, text exactly. An item that cannot be compared fails the card."

// holds reports whether the item at position i passes.
func (t test) holds(i int, item any, compiled *pattern.Cache) (bool, error) {
	v, _ := t.Path.Get(item)
	holds, err := condition.Of(v, t.Operation, t.Value).Holds(compiled)
	if err != nil {
		return false, schema.Problems{{Field: at(i, t.Path), Message: err.Error()}}
	}
	return holds, nil
}

// at names a value of an item in a message: "list.3.price".
func at(i int, p path.Path) string {
	if p.Empty() {
		return fmt.Sprintf("list.%d", i)
	}
	return fmt.Sprintf("list.%d.%s", i, p)
}
