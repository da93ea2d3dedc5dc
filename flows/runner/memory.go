package runner

import (
	"context"
	"maps"
	"slices"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// try is how far a step has come.
type try struct {
	over     bool
	out      schema.Values
	number   int // of the last attempt
	failures int // that count for the retry policy: a crash of ours does not
	due      time.Time
}

// recall reads what the journal says of the step at p. An attempt that was
// under way when the last worker went is in doubt: it is settled here, once.
func (r *run) recall(p flows.Path, c flows.Call) (try, error) {
	r.mu.Lock()
	past := r.past[p]
	r.mu.Unlock()
	var t try
	if r.wasCut(p) {
		return t, errParked
	}
	for _, a := range past {
		t.number, t.due = a.Number, a.NextAt
		switch a.Status {
		case flows.Succeeded:
			return try{over: true, out: a.Output}, nil
		case flows.Running:
			if !c.Card.SafeToRepeat(c.In) && c.Step.Policy.InDoubt != "repeat" {
				return try{over: true}, r.settle(a, unknownOutcome(a.Card, true))
			}
			_ = r.settle(a, interrupted())
		case flows.Failed, flows.Waiting:
			if a.Error != nil && a.Error.Code == cards.CodeInterrupted {
				continue
			}
			t.failures++
			if a.NextAt.IsZero() {
				return try{over: true}, a.Error
			}
		}
	}
	return t, nil
}

// settle gives the attempt that a crash left under way its end, and returns it.
func (r *run) settle(a flows.Attempt, e *cards.Error) *cards.Error {
	a.Status, a.Error, a.Finished = flows.Failed, e, r.x.o.Now()
	r.mu.Lock()
	past := slices.Clone(r.past[a.Path])
	for i := range past {
		if past[i].Number == a.Number {
			past[i] = a
		}
	}
	r.past[a.Path] = past
	r.ledger.add(&a)
	r.mu.Unlock()
	r.logSettled(&a)
	return e
}

// settleRest ends the attempts in doubt that the run will not come back to.
func (r *run) settleRest(ctx context.Context) {
	if len(r.past) == 0 {
		return
	}
	r.mu.Lock()
	var rest []flows.Attempt
	for _, p := range slices.Sorted(maps.Keys(r.past)) {
		for _, a := range r.past[p] {
			if a.Status == flows.Running {
				rest = append(rest, a)
			}
		}
	}
	r.mu.Unlock()
	if len(rest) == 0 {
		return
	}
	cardOf := map[string]cards.Card{} // by step; without a program what its cards do is not known
	if program, err := r.x.o.Program(context.WithoutCancel(ctx), r.Document); err == nil {
		for _, step := range program.Steps() {
			cardOf[step.ID] = step.Card
		}
	}
	for _, a := range rest {
		if card, known := cardOf[a.StepID]; known && card.Name == a.Card && !card.Writes(a.Input) {
			_ = r.settle(a, &cards.Error{Code: cards.CodeInterrupted, Message: "Flowdeck stopped during this attempt; the card only reads, so it changed nothing"})
			continue
		}
		_ = r.settle(a, unknownOutcome(a.Card, !r.Express))
	}
}

// underWay is the last step that had begun and was not over.
func (r *run) underWay() (p flows.Path) {
	var last time.Time
	for at, list := range r.past {
		if a := list[len(list)-1]; (a.Status == flows.Running || a.Error != nil && a.Error.Code == cards.CodeInterrupted) && !a.Started.Before(last) {
			p, last = at, a.Started
		}
	}
	return p
}

// unknownOutcome is the error of a card that may or may not have done its work. What it can
// be set to is said where the run would have gone on.
func unknownOutcome(card string, goesOn bool) *cards.Error {
	e := &cards.Error{Code: cards.CodeUnknownOutcome, Message: "Flowdeck stopped while this card (" + card +
		") was under way, so it is not known whether it took effect. Look at the other side, then run the flow again"}
	if goesOn {
		e.Message += ", or set the card to be repeated in doubt"
	}
	return e
}

func interrupted() *cards.Error {
	return &cards.Error{Code: cards.CodeInterrupted, Message: "Flowdeck stopped during this attempt; the card is safe to repeat"}
}
