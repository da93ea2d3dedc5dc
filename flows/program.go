package flows

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Program is a document that has been checked and planned. Only Compile makes
// one; it never changes and may be shared.
type Program struct {
	doc     Document
	steps   []StepInfo
	chain   []planned
	byID    map[string]*planned
	slots   map[string]int  // where a step's outputs are kept while a run goes on
	width   int             // slots in all; notes have some that stay empty
	vars    map[string]bool // variables that templates mention
	secrets map[string]bool // that templates mention
	asks    bool            // some template mentions the run or the flow themselves
}

// Slots of what is there before the first step.
const (
	slotRun = iota
	slotFlow
	slotVars
	slotSecrets
	slotTrigger
	firstSlot
)

// planned is a step made ready: nothing is parsed or looked up by name when it runs.
type planned struct {
	id       string
	slot     int
	step     *Step
	card     cards.Card
	off      bool
	last     int  // slot of the last step inside of it; its own when there is none
	goOn     bool // after a failure
	timeout  time.Duration
	inputs   expr.Node
	late     expr.Node // inputs that are evaluated while the card runs
	blocks   []plannedBlock
	onError  *plannedBlock // nil: none
	mentions []Reference
}

type plannedBlock struct {
	name   string
	chain  []planned
	result expr.Node
	gives  bool // it results in something
}

func (s *planned) block(name string) *plannedBlock {
	for i := range s.blocks {
		if s.blocks[i].name == name {
			return &s.blocks[i]
		}
	}
	return nil
}

// StepInfo places a step for people.
type StepInfo struct {
	ID     string
	Path   Path   // outside loops: "if_1/post"
	Number string // "3.1"
	Card   cards.Card
	Title  string // the step's own, else the card's
	Depth  int    // 0 in the flow's own chain
	Parent string // id of the step it is inside of; "" outside
	Block  string // block of Parent
	Off    bool   // off itself, or inside of something off
}

// Reference is a mention of a step's output in a template.
type Reference struct {
	Field string // of the step that mentions it: "query.expand"; "then.name" in a block's result
	expr.Reference
}

// Document returns what was compiled. It may not be changed.
func (p *Program) Document() Document { return p.doc }

// Steps lists the trigger and every step in drawn order. It may not be changed.
func (p *Program) Steps() []StepInfo { return p.steps }

// References lists what the templates of a step mention, in the order of its
// fields. It may not be changed.
func (p *Program) References(stepID string) []Reference {
	if s, ok := p.byID[stepID]; ok {
		return s.mentions
	}
	return nil
}

// Inputs resolves the inputs of one step from given outputs, to test the card
// by itself. Outputs that lookup does not know are nil. The problems are what
// cannot be evaluated and what the card would refuse.
func (p *Program) Inputs(stepID string, lookup func(step string) (schema.Values, bool)) (schema.Values, schema.Problems) {
	s, ok := p.byID[stepID]
	if !ok {
		return nil, schema.Problems{{Message: "there is no step " + stepID}}
	}
	return resolve(s.card, &s.inputs, lookup)
}

// Inputs is Program.Inputs for a document that may have problems elsewhere.
func Inputs(doc Document, stepID string, reg *cards.Registry, lookup func(step string) (schema.Values, bool)) (schema.Values, schema.Problems) {
	o := newOutline(&doc, reg)
	p, ok := o.byID[stepID]
	switch {
	case !ok:
		return nil, schema.Problems{{Message: "there is no step " + stepID}}
	case !p.known:
		return nil, schema.Problems{{Message: "there is no card named " + p.step.Card}}
	}
	x := inputPlanner{lib: functions(reg)}
	inputs := x.form(p.Card.Inputs, p.step.Inputs, "")
	if x.problems != nil {
		return nil, x.problems
	}
	return resolve(p.Card, &inputs, lookup)
}

type lookupScope func(step string) (schema.Values, bool)

func (f lookupScope) Lookup(step string) (any, bool) {
	v, ok := f(step)
	if v == nil {
		return nil, ok
	}
	return v, ok
}

func resolve(card cards.Card, inputs *expr.Node, lookup lookupScope) (schema.Values, schema.Problems) {
	v, err := inputs.Eval(lookup)
	if err != nil {
		return nil, schema.Problems{problemOf(err)}
	}
	in, _ := v.(map[string]any)
	return in, card.Inputs.Check(in)
}

// problemOf is an evaluation error at its field.
func problemOf(err error) schema.Problem {
	if e, ok := err.(*expr.Error); ok {
		return schema.Problem{Field: e.Path, Message: e.Error()}
	}
	return schema.Problem{Message: err.Error()}
}
