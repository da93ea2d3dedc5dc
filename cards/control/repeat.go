package control

import (
	"maps"

	"flowdeck/cards"
	"flowdeck/cards/condition"
	"flowdeck/cards/pattern"
	"flowdeck/cards/schema"
)

type repeatInput struct {
	Times int            `json:"times" placeholder:"10" min:"0" max:"100000" help:"How many rounds there are; left blank, as many as the conditions ask for."`
	Carry map[string]any `json:"carry" label:"Values carried" help:"Names and what they are in the first round. A round that results in a value of the same name changes it for the next."`
	condition.Joined
	Conditions []condition.Condition `json:"conditions" label:"While" form:"empty" help:"Looked at before each round, which only begins when they hold. They see index and the values carried."`
	Most       int                   `json:"most" label:"At most" default:"1000" min:"1" max:"100000" form:"advanced" help:"How many rounds the conditions may ask for before the card fails."`
}

type repeatOutput struct {
	Rounds int           `json:"rounds" help:"How many rounds there were."`
	Values schema.Values `json:"*"`
}

type repeatInside struct {
	Index int `json:"index" help:"Which round this is, from 0."`
}

// Repeat runs its block a number of times, or while conditions hold.
var Repeat = newRepeat(pattern.New())

func newRepeat(compiled *pattern.Cache) cards.Card {
	return cards.NewControl(cards.Spec{
		Name:     "control.repeat",
		Title:    "Repeat / While",
		Category: category,
		Family:   cards.FamilyLogic,
		Icon:     "repeat",
		Summary:  "Runs cards again and again, a number of times or while conditions hold.",
		Doc: "Runs the cards inside in rounds, one after the other: **Times** rounds, or as long as the conditions under **While** hold, or both.\n\n" +
			"- **Values carried** go from round to round: the cards inside see them as outputs of this card, and what the round results in under the same name is the value of the next round. After the last round they are this card's outputs.\n" +
			"- **Continue If** inside ends its round early, and the values stay as they were.\n" +
			"- When conditions ask for more rounds than **At most** allows, the card fails with `limit`." + more,
		Keywords:    []string{"loop", "while", "until", "times", "again", "poll", "reduce", "accumulate", "iterate"},
		Blocks:      []cards.BlockSpec{{Name: "round", Title: "Each round", Inside: schema.Of[repeatInside](), InsideFrom: "carry", Loop: true}},
		OutputsFrom: "carry",
		Late:        []string{"conditions"},
		Warn:        condition.Doubts,
		Examples: []cards.Example{{
			Title: "Three rounds",
			In:    schema.Values{"times": 3},
			Out:   schema.Values{"rounds": 3},
		}, {
			Title: "What a round results in is carried to the next",
			In:    schema.Values{"times": 2, "carry": schema.Values{"ran": "not yet", "page": 1}},
			Out:   schema.Values{"rounds": 2, "ran": "round", "page": 1},
		}, {
			Title: "No end was named",
			In:    schema.Values{},
			Err:   cards.CodeInvalidInput,
		}, {
			Title: "More rounds than there may be",
			In:    schema.Values{"times": 100_001},
			Err:   cards.CodeInvalidInput,
		}},
	}, func(flow cards.Flow, in repeatInput) (repeatOutput, error) {
		x := repeating{flow: flow, compiled: compiled, in: in, carried: maps.Clone(in.Carry)}
		if err := free("carry", in.Carry, "rounds", "index"); err != nil {
			return repeatOutput{}, err
		}
		n, err := x.rounds()
		return repeatOutput{n, x.carried}, err
	})
}

// repeating is one Repeat at work.
type repeating struct {
	flow     cards.Flow
	compiled *pattern.Cache
	in       repeatInput
	carried  schema.Values
}

func (x *repeating) rounds() (n int, err error) {
	for ; x.in.Times == 0 || n < x.in.Times; n++ {
		own := x.own(n)
		holds, err := x.holds(own, n)
		if err != nil || !holds {
			return n, err
		}
		result, left, err := x.flow.Round("round", n, own)
		if err != nil {
			return n, err
		}
		if !left {
			x.carry(result)
		}
	}
	return n, nil
}

// own is what the cards inside see of the card in round n.
func (x *repeating) own(n int) schema.Values {
	own := make(schema.Values, len(x.carried)+1)
	maps.Copy(own, x.carried)
	own["index"] = int64(n)
	return own
}

// holds reports whether round n begins.
func (x *repeating) holds(own schema.Values, n int) (bool, error) {
	late, err := x.flow.Late(own)
	if err != nil {
		return false, err
	}
	var asked whileInput
	if err := whileForm.Decode(late, &asked); err != nil {
		return false, err
	}
	switch {
	case len(asked.Conditions) == 0 && x.in.Times == 0:
		return false, schema.Problems{{Field: "times", Message: "is required when there are no conditions under While"}}
	case len(asked.Conditions) == 0:
		return true, nil
	}
	holds, err := condition.Hold(x.compiled, x.in.Match, asked.Conditions, nil)
	if holds && x.in.Times == 0 && n >= x.in.Most {
		return false, tooMany("the conditions still hold after", n, "rounds", x.in.Most, "Let them end, or raise At most")
	}
	return holds, err
}

// carry takes over the values that a round has changed.
func (x *repeating) carry(result schema.Values) {
	changed := false
	for name, v := range result {
		if _, known := x.in.Carry[name]; !known {
			continue
		}
		if !changed { // rounds keep what they were given
			x.carried, changed = maps.Clone(x.carried), true
		}
		x.carried[name] = v
	}
}

type whileInput struct {
	Conditions []condition.Condition `json:"conditions"`
}

var whileForm = schema.Of[whileInput]()
