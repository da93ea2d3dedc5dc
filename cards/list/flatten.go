package list

import (
	"flowdeck/cards"
	"flowdeck/cards/bounds"
	"flowdeck/cards/schema"
)

type flattenInput struct {
	listInput
	All bool `json:"all" label:"All levels" help:"Take apart lists inside of lists inside of lists too."`
}

// Flatten takes lists inside of a list apart.
var Flatten = declare(cards.Spec{
	Name:    "list.flatten",
	Title:   "Flatten",
	Icon:    "layout-list",
	Summary: "Makes one list of the lists that a list contains.",
	Doc: "Puts out the items of all lists in the list, one after the other. What is not a list stays an item.\n\n" +
		"- One level is taken apart, or all of them, of which there may be 1,000.\n" +
		"- Empty lists leave nothing.",
	Keywords: []string{"list", "concat", "nested", "join", "combine", "unwrap"},
	Examples: []cards.Example{{
		Title: "One level",
		In:    schema.Values{"list": []any{[]any{1, 2}, 3, []any{[]any{4}}, []any{}}},
		Out:   schema.Values{"list": []any{1, 2, 3, []any{4}}},
	}, {
		Title: "All levels",
		In:    schema.Values{"list": []any{1, []any{2, []any{3, []any{4}}}}, "all": true},
		Out:   schema.Values{"list": []any{1, 2, 3, 4}},
	}, {
		Title: "Text is no list",
		In:    schema.Values{"list": "x"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in flattenInput) (listOutput, error) {
	levels := 1
	if in.All {
		levels = bounds.Depth + 1
	}
	list, err := flat(nil, in.List, levels, 1)
	return listOutput{list}, err
})

func flat(to, list []any, levels, depth int) ([]any, error) {
	if err := bounds.CheckDepth("list", depth); err != nil {
		return nil, err
	}
	for _, item := range list {
		inside, isList := item.([]any)
		if !isList || levels == 0 {
			if to = append(to, item); len(to) > bounds.Items {
				return nil, bounds.CheckItems("list", len(to))
			}
			continue
		}
		var err error
		if to, err = flat(to, inside, levels-1, depth+1); err != nil {
			return nil, err
		}
	}
	return to, nil
}
