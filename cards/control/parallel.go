package control

import (
	"maps"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type lane struct {
	Key   string `json:"key" form:"required,fixed" help:"Names the block in the flow; never changes."`
	Title string `json:"title" form:"fixed" placeholder:"Mail" help:"What the lane is called."`
}

type parallelInput struct {
	Lanes []lane `json:"lanes" form:"required" help:"What runs at the same time."`
}

type parallelOutput struct {
	Results schema.Values `json:"*"`
}

// Parallel runs its blocks at the same time.
var Parallel = cards.NewControl(cards.Spec{
	Name:     "control.parallel",
	Title:    "Parallel",
	Category: category,
	Family:   cards.FamilyLogic,
	Icon:     "git-fork",
	Summary:  "Runs lanes of cards at the same time and goes on when all are done.",
	Doc: "Runs the cards of every lane, the lanes side by side, and goes on when all have come to their end. What the lanes result in becomes outputs of this card.\n\n" +
		"- Cards in one lane do not see the outputs of those in another; after this card, all are seen.\n" +
		"- A lane that fails fails the card once the others are done with what they do; those that wait are cut off. Put a Try / Catch into it to go on without.\n" +
		"- Two lanes cannot result in the same name.",
	Keywords:     []string{"parallel", "concurrent", "fork", "join", "at once", "together", "async", "lanes"},
	Blocks:       []cards.BlockSpec{{Name: "lane", Title: "Lane", From: "lanes", More: "Lane", Least: 2, All: true}},
	BlockOutputs: true,
	Examples: []cards.Example{{
		Title: "Two lanes",
		In:    schema.Values{"lanes": []any{schema.Values{"key": "lane", "title": "Mail"}, schema.Values{"key": "lane_2", "title": "Chat"}}},
		Out:   schema.Values{"ran": "lane"},
	}, {
		Title: "No lane",
		In:    schema.Values{"lanes": []any{}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in parallelInput) (parallelOutput, error) {
	keys := make([]string, len(in.Lanes))
	for i, l := range in.Lanes {
		keys[i] = l.Key
	}
	all, err := flow.Together(keys)
	if err != nil {
		return parallelOutput{}, err
	}
	out := parallelOutput{schema.Values{}}
	for _, results := range all {
		maps.Copy(out.Results, results)
	}
	return out, nil
})
