package list

import (
	"encoding/json"
	"strconv"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type sliceInput struct {
	listInput
	Start int         `json:"start" label:"Start at" help:"The position of the first item, from 0; negative positions count from the end."`
	End   json.Number `json:"end" label:"End before" help:"The position of the first item that is left out again; left empty, everything to the end is kept."`
}

// Slice keeps a part of a list.
var Slice = declare(cards.Spec{
	Name:    "list.slice",
	Title:   "Slice",
	Icon:    "scissors",
	Summary: "Keeps the items between two positions.",
	Doc: "Puts out the items from **Start at** up to the one before **End before**.\n\n" +
		"- Negative positions count from the end: a start of -3 keeps the last three items.\n" +
		"- Positions outside of the list are taken as its start or its end, so that there may be fewer items, or none.",
	Keywords: []string{"list", "part", "sublist", "segment", "limit", "first", "last", "page"},
	Examples: []cards.Example{{
		Title: "The second and the third",
		In:    schema.Values{"list": []any{"a", "b", "c", "d"}, "start": 1, "end": 3},
		Out:   schema.Values{"list": []any{"b", "c"}},
	}, {
		Title: "The last two",
		In:    schema.Values{"list": []any{"a", "b", "c", "d"}, "start": -2},
		Out:   schema.Values{"list": []any{"c", "d"}},
	}, {
		Title: "More than there are",
		In:    schema.Values{"list": []any{"a"}, "end": 10},
		Out:   schema.Values{"list": []any{"a"}},
	}, {
		Title: "Half a position",
		In:    schema.Values{"list": []any{"a"}, "end": 0.5},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in sliceInput) (listOutput, error) {
	n := len(in.List)
	end := n
	if in.End != "" {
		var err error
		if end, err = strconv.Atoi(string(in.End)); err != nil {
			return listOutput{}, schema.Problems{{Field: "end", Message: "must be a whole number, got number " + string(in.End)}}
		}
	}
	from, to := within(in.Start, n), within(end, n)
	return listOutput{in.List[from:max(from, to):max(from, to)]}, nil
})

// within is where a position points, moved into a list of n.
func within(position, n int) int {
	i, _ := place(position, n)
	return min(max(i, 0), n)
}
