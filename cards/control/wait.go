package control

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type waitInput struct {
	Mode   string    `json:"mode" label:"Wait" default:"for" options:"for=For some time|until=Until a time" form:"fixed" help:"Whether you know how long, or until when."`
	Amount float64   `json:"amount" label:"For" default:"1" when:"mode=for" help:"How long: a whole number or a part of one, such as 1.5."`
	Unit   string    `json:"unit" default:"hours" options:"seconds=Seconds|minutes=Minutes|hours=Hours|days=Days|weeks=Weeks" form:"fixed" when:"mode=for" help:"What the amount counts."`
	Until  time.Time `json:"until" label:"Until" form:"required" placeholder:"2026-03-01T09:00:00Z" when:"mode=until" help:"A date and time with its zone, or a day, which begins at midnight UTC. A time that is past is not waited for."`
}

type waitOutput struct {
	Began time.Time `json:"began" help:"When the card was reached."`
	Until time.Time `json:"until" help:"The time that it waited for."`
}

// Wait holds the run up for some time, or until a time.
var Wait = cards.NewControl(cards.Spec{
	Name:     "control.wait",
	Title:    "Wait",
	Category: category,
	Family:   cards.FamilyLogic,
	Icon:     "hourglass",
	Summary:  "Waits for some time, or until a time.",
	Doc: "The cards after it run when the time has come. A run that waits costs nothing and outlives restarts: if the time comes while the server is down, the run goes on when it is back.\n\n" +
		"- It can wait for up to 366 days.\n" +
		"- While a run only waits, the flow's run timeout stands still. A wait of less than two seconds counts.\n" +
		"- A day is 24 hours; to wait until nine in the morning somewhere, make that time with a date card and choose **Until a time**.\n" +
		"- A run can be cancelled while it waits.",
	Keywords: []string{"wait", "wait for", "wait until", "delay", "sleep", "pause", "timer", "later", "schedule"},
	Examples: []cards.Example{{
		Title: "For two days",
		In:    schema.Values{"amount": 2, "unit": "days"},
		Out:   schema.Values{"began": "2026-03-01T09:30:00Z", "until": "2026-03-03T09:30:00Z"},
	}, {
		Title: "Until a day begins",
		In:    schema.Values{"mode": "until", "until": "2026-04-01"},
		Out:   schema.Values{"until": "2026-04-01T00:00:00Z"},
	}, {
		Title: "Not for longer than a year",
		In:    schema.Values{"amount": 53, "unit": "weeks"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(flow cards.Flow, in waitInput) (waitOutput, error) {
	began := flow.Now()
	until, field := in.Until, "until"
	if in.Mode == "for" {
		d, err := span(in.Amount, in.Unit, "amount")
		if err != nil {
			return waitOutput{}, err
		}
		until, field = began.Add(d), "amount"
	}
	if until.Sub(began) > longest {
		return waitOutput{}, tooFar(field)
	}
	return waitOutput{began, until}, flow.Wait(until)
})
