package flows

import (
	"context"
	"errors"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Program is a document that has been checked and planned. Only Compile makes
// one; it never changes and may be shared.
type Program struct {
	doc   Document
	steps []StepInfo
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

// Compile checks doc and plans it. The error is Problems: all that is wrong, in
// drawn order.
func Compile(doc Document, reg *cards.Registry) (*Program, error) {
	return nil, Problems{{Message: "cannot be compiled"}}
}

// Run interprets the program and returns what Return gave, nil when nothing
// did. A failure of the flow is a *RunError; any other error is the engine's.
func (p *Program) Run(ctx context.Context, fx Effects, s Start) (schema.Values, error) {
	return nil, errors.ErrUnsupported
}

// Document returns what was compiled. It may not be changed.
func (p *Program) Document() Document { return p.doc }

// Steps lists the trigger and every step in drawn order.
func (p *Program) Steps() []StepInfo { return p.steps }

// Inputs resolves the inputs of one step from given outputs, to test the card
// by itself. Outputs that lookup does not know are nil.
func (p *Program) Inputs(stepID string, lookup func(step string) (schema.Values, bool)) (schema.Values, schema.Problems) {
	return nil, nil
}

// References lists what the templates of a step mention.
func (p *Program) References(stepID string) []Reference { return nil }
