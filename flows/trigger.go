package flows

import (
	"fmt"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// trigger checks the card that begins the flow and what it declares.
func (c *compiler) trigger(p *placed) {
	c.program.slots[p.ID] = slotTrigger
	switch {
	case !p.known:
		c.problem(p.ID, "card", "there is no card named %q", p.step.Card)
		return
	case p.Card.Kind != cards.Event:
		c.problem(p.ID, "card", "%s cannot begin a flow", p.Title)
		return
	}
	broken := false
	problems := p.Card.Inputs.Check(p.step.Inputs)
	if len(problems) == 0 && p.Card.Check != nil {
		problems = p.Card.Check(p.step.Inputs)
	}
	for _, e := range problems {
		broken = broken || topOf(e.Field) == p.Card.OutputsFrom
		c.problem(p.ID, e.Field, "%s", e.Message)
	}
	if !broken {
		c.declares(p)
	}
}

// declares checks the outputs that a step declares in a list: inputs of a flow,
// questions of a form page.
func (c *compiler) declares(p *placed) {
	from := p.Card.OutputsFrom
	list, ok := p.step.Inputs[from].([]any)
	if from == "" || !ok {
		return
	}
	_, problems := schema.Declared(list)
	for _, e := range problems {
		c.problem(p.ID, from+"."+e.Field, "%s", e.Message)
	}
	for i, x := range list {
		object, _ := x.(map[string]any)
		name, _ := object["name"].(string)
		if _, taken := p.Card.Outputs.Field(name); taken {
			c.problem(p.ID, fmt.Sprintf("%s.%d.name", from, i), "%s already has an output named %s; choose another name", p.Title, name)
		}
	}
}
