package control

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// MaxItems is how long a list For Each takes.
const MaxItems = 100_000

type eachInput struct {
	Items []any `json:"items" form:"required,empty" help:"The list. The cards inside run once for each of its items."`
	Limit int   `json:"concurrency" label:"At a time" default:"1" min:"1" max:"50" help:"How many rounds may run at the same time. With 1, they run in the list's order."`
	GoOn  bool  `json:"go_on" label:"Keep going on errors" form:"fixed" help:"A round that fails ends only itself and is listed in the failures."`
}

type eachOutput struct {
	Results  []any `json:"results" help:"What each round results in, in the list's order, without rounds that failed or were left."`
	Count    int   `json:"count" help:"How many items the list has."`
	Left     int   `json:"left" form:"advanced" help:"Rounds that Continue If left."`
	Failed   int   `json:"failed" help:"Rounds that failed."`
	Failures []any `json:"failures" help:"Of each round that failed: its index, item and error."`
}

type eachInside struct {
	Item  any `json:"item" help:"The item of this round."`
	Index int `json:"index" help:"Which round this is, from 0."`
}

// Each runs its block once for each item of a list.
var Each = cards.NewControl(cards.Spec{
	Name:     "control.each",
	Title:    "For Each",
	Category: category,
	Family:   cards.FamilyLogic,
	Icon:     "repeat",
	Summary:  "Runs cards once for each item of a list.",
	Doc: "Runs the cards inside once for each item. They see **item** and **index** of their round. What each round results in is collected in **results**.\n\n" +
		"- Without **Keep going on errors**, the first round that fails fails the card; rounds that run beside it come to their end, but those that wait are cut off.\n" +
		"- With it, the others go on, and **failures** says which failed and why: index, item, error.\n" +
		"- **Continue If** inside ends a round early; it then has no result. That makes a filter of a loop.\n" +
		"- A list may have 100,000 items, and the results of a loop 64 MiB. Of failures after the first 1,000, only code and message are kept.",
	Keywords: []string{"loop", "iterate", "list", "every", "all", "map", "foreach", "batch", "concurrency"},
	Blocks:   []cards.BlockSpec{{Name: "each", Title: "Each item", Inside: schema.Of[eachInside](), Loop: true}},
	Examples: []cards.Example{{
		Title: "Three items",
		In:    schema.Values{"items": []any{"a", "b", "c"}},
		Out:   schema.Values{"count": 3, "failed": 0, "failures": []any{}, "results": []any{schema.Values{"ran": "each"}, schema.Values{"ran": "each"}, schema.Values{"ran": "each"}}},
	}, {
		Title: "An empty list",
		In:    schema.Values{"items": []any{}},
		Out:   schema.Values{"count": 0, "results": []any{}},
	}, {
		Title: "What is no list",
		In:    schema.Values{"items": schema.Values{"id": 1}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in eachInput) (eachOutput, error) {
	if n := len(in.Items); n > MaxItems {
		return eachOutput{}, tooMany("items: the list has", n, "items", MaxItems, "Cut it with Chunk or Slice")
	}
	done, err := flow.Each("each", in.Items, cards.Rounds{Limit: in.Limit, GoOn: in.GoOn})
	if err != nil {
		return eachOutput{}, err
	}
	return eachOutput{Results: done.Results, Count: len(in.Items), Left: done.Left, Failed: len(done.Failures), Failures: failures(done.Failures)}, nil
})

func failures(list []cards.FailedRound) []any {
	all := make([]any, len(list))
	for i, f := range list {
		all[i] = schema.Values{"index": int64(f.Index), "item": f.Item, "error": f.Values()}
	}
	return all
}
