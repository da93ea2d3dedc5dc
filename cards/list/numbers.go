package list

import (
	"encoding/json"

	"flowdeck/cards/condition"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

// numbersInput is a list of numbers, or of items that each have one.
type numbersInput struct {
	listInput
	Path      path.Path `json:"path" placeholder:"price" help:"Where in each item the number stands, such as price; left empty, the item is the number."`
	SkipEmpty bool      `json:"skip_empty" label:"Skip empty" form:"advanced" help:"Leave out what is missing, null or empty text, instead of failing."`
}

const numbersDoc = "\n- Text that is a number counts as one. Anything else fails the card and the message says which item it was; **Skip empty** passes over those that are empty."

// each calls f with every number and the position of its item.
func (in numbersInput) each(f func(i int, n any)) error {
	for i, item := range in.List {
		v, _ := in.Path.Get(item)
		if in.SkipEmpty && (v == nil || v == "") {
			continue
		}
		n, ok := condition.Number(v)
		if !ok {
			return schema.Problems{{Field: at(i, in.Path), Message: "must be a number, got " + schema.Describe(v)}}
		}
		f(i, n)
	}
	return nil
}

// none is the error of a list without a number where there has to be one.
func none(what string) error {
	return schema.Problems{{Field: "list", Message: "has no numbers, so there is no " + what}}
}

type numberOutput struct {
	Number json.Number `json:"number" help:"The result, with all of its digits."`
}
