package list

import (
	"cmp"
	"slices"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/path"
	"flowdeck/cards/schema"
)

type sortInput struct {
	listInput
	Path path.Path `json:"path" placeholder:"name" help:"What of an item it is sorted by, such as name; left empty, the item itself."`
	order
}

// order is how items are compared.
type order struct {
	Direction string `json:"direction" default:"ascending" options:"ascending=Ascending|descending=Descending" form:"fixed" help:"Smallest first, or largest first."`
	As        string `json:"as" label:"Compare as" default:"auto" options:"auto=Numbers if all are, else text|number=Numbers|text=Text|text_any_case=Text, capitals like small letters" form:"fixed" help:"Dates such as 2026-03-01 sort as text."`
}

// Sort puts the items of a list in order.
var Sort = declare(cards.Spec{
	Name:    "list.sort",
	Title:   "Sort",
	Icon:    "arrow-up-down",
	Summary: "Puts the items of a list in order.",
	Doc: "Puts out the items by size of a number or by the alphabet.\n\n" +
		"- Text that is a number counts as one. Numbers are compared exactly, text by its Unicode characters.\n" +
		"- Items that are equal stay in the order in which they came. Null and what is missing comes last, in either direction.\n" +
		"- With **Numbers**, an item that is none fails the card; lists and objects cannot be compared.",
	Keywords: []string{"list", "order", "by", "ascending", "descending", "alphabet", "rank"},
	Examples: []cards.Example{{
		Title: "By a field, largest first",
		In:    schema.Values{"list": []any{schema.Values{"n": 9}, schema.Values{"n": 80}, schema.Values{}}, "path": "n", "direction": "descending"},
		Out:   schema.Values{"list": []any{schema.Values{"n": 80}, schema.Values{"n": 9}, schema.Values{}}},
	}, {
		Title: "Text that is numbers",
		In:    schema.Values{"list": []any{"10", "9", 1}},
		Out:   schema.Values{"list": []any{1, "9", "10"}},
	}, {
		Title: "Capitals like small letters",
		In:    schema.Values{"list": []any{"b", "C", "a"}, "as": "text_any_case"},
		Out:   schema.Values{"list": []any{"a", "b", "C"}},
	}, {
		Title: "A text among numbers",
		In:    schema.Values{"list": []any{1, "many"}, "as": "number"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in sortInput) (listOutput, error) {
	return in.sort(in.List, func(_ int, item any) (any, error) { v, _ := in.Path.Get(item); return v, nil },
		func(i int) string { return at(i, in.Path) })
})

// sort puts items in order by what of says of them; field names that in a message.
func (in order) sort(items []any, of func(i int, item any) (any, error), field func(i int) string) (listOutput, error) {
	keyed, err := in.keyed(items, of, field)
	if err != nil {
		return listOutput{}, err
	}
	sign := 1
	if in.Direction == "descending" {
		sign = -1
	}
	slices.SortStableFunc(keyed, func(a, b sorted) int {
		switch {
		case a.none || b.none:
			return cmp.Compare(truth(a.none), truth(b.none))
		case a.number != nil:
			order, _ := schema.CompareNumbers(a.number, b.number)
			return sign * order
		}
		return sign * strings.Compare(a.text, b.text)
	})
	list := make([]any, len(keyed))
	for i := range keyed {
		list[i] = keyed[i].item
	}
	return listOutput{list}, nil
}

// sorted is an item and what it is compared by.
type sorted struct {
	item   any
	number any
	text   string
	none   bool
}

// keyed finds out what every item is compared by: all by numbers, or all by text.
func (in order) keyed(items []any, of func(i int, item any) (any, error), field func(i int) string) ([]sorted, error) {
	keyed := make([]sorted, len(items))
	numbers := in.As == "number" || in.As == "auto"
	for i, item := range items {
		k := &keyed[i]
		k.item = item
		v, err := of(i, item)
		if err != nil {
			return nil, err
		}
		if k.none = v == nil; k.none {
			continue
		}
		text, isText := schema.ToText(v)
		if !isText {
			return nil, schema.Problems{{Field: field(i), Message: "must be a number or text to be sorted, got " + schema.Describe(v)}}
		}
		if k.text = text; in.As == "text_any_case" {
			k.text = strings.ToLower(text)
		}
		if !numbers {
			continue
		}
		var ok bool
		if k.number, ok = condition.Number(v); !ok {
			if in.As == "number" {
				return nil, schema.Problems{{Field: field(i), Message: "must be a number, got " + schema.Describe(v)}}
			}
			numbers = false
		}
	}
	if !numbers {
		for i := range keyed {
			keyed[i].number = nil
		}
	}
	return keyed, nil
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}
