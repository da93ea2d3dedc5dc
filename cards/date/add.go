package date

import (
	"encoding/json"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type addInput struct {
	Date   moment      `json:"date" label:"Start date" form:"required" help:"The date to begin from."`
	Amount json.Number `json:"amount" form:"required" help:"How many; negative to go back. Decimals only for hours and shorter."`
	Unit   string      `json:"unit" label:"Units" form:"required" default:"days" options:"milliseconds|seconds|minutes|hours|days|weeks|months|quarters|years" help:"Of what."`
	Zone   string      `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Whose clock and calendar count. The date's own offset when left blank."`
}

// Add goes forward from a date.
var Add = declare(cards.Spec{
	Name:     "date.add",
	Title:    "Add",
	Icon:     "calendar-clock",
	Summary:  "Adds an amount of time to a date.",
	Doc:      "Puts out the date that is so much later.\n\n" + endRule + "\n" + dstRule + "\n" + zoneRule,
	Keywords: []string{"date", "time", "later", "plus", "in days", "due", "expires", "deadline"},
	Examples: []cards.Example{{
		Title: "In two hours",
		In:    schema.Values{"date": "2026-03-01T23:00:00+01:00", "amount": 2, "unit": "hours"},
		Out:   schema.Values{"date": "2026-03-02T01:00:00+01:00"},
	}, {
		Title: "The end of a month",
		In:    schema.Values{"date": "2026-01-31T10:00:00Z", "amount": 1, "unit": "months"},
		Out:   schema.Values{"date": "2026-02-28T10:00:00Z"},
	}, {
		Title: "A day on which the clock is put forward",
		In:    schema.Values{"date": "2026-03-28T09:00:00+01:00", "amount": 1, "unit": "days", "zone": "Europe/Berlin"},
		Out:   schema.Values{"date": "2026-03-29T09:00:00+02:00"},
	}, {
		Title: "Half a month is no time",
		In:    schema.Values{"date": "2026-03-01", "amount": 0.5, "unit": "months"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in addInput) (output, error) { return in.move(in.Amount) })

func (in addInput) move(amount json.Number) (output, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	t, err := plus(in.Date.in(zone), "amount", amount, in.Unit)
	if err != nil {
		return output{}, err
	}
	return put(t)
}
