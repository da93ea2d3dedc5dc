package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type severalInput struct {
	Date  moment   `json:"date" label:"Date 1" form:"required" help:"The first date."`
	Date2 moment   `json:"date_2" label:"Date 2" help:"The second date."`
	More  []moment `json:"more" label:"More dates" help:"A list of more dates."`
	Zone  string   `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Where days without a time begin. UTC when left blank."`
}

type severalOutput struct {
	Date     time.Time `json:"date" help:"The one that was found."`
	Position int       `json:"position" help:"Which of them it is, from 0; those left blank do not count."`
}

// Earliest finds the first of several dates.
var Earliest = declare(cards.Spec{
	Name:     "date.earliest",
	Title:    "Earliest",
	Icon:     "arrow-up",
	Summary:  "Finds the earliest of several dates.",
	Doc:      "Puts out the date that comes first, with its offset, and which of them it is.\n\n- Of several that are the same instant the first one counts.",
	Keywords: []string{"date", "time", "first", "minimum", "oldest", "soonest"},
	Examples: []cards.Example{{
		Title: "Offsets do not matter",
		In:    schema.Values{"date": "2026-03-01T10:00:00+01:00", "date_2": "2026-03-01T09:30:00Z"},
		Out:   schema.Values{"date": "2026-03-01T10:00:00+01:00", "position": 0},
	}, {
		Title: "Of a list",
		In:    schema.Values{"date": "2026-03-01", "more": []any{"2026-02-01", "2026-04-01"}},
		Out:   schema.Values{"date": "2026-02-01T00:00:00Z", "position": 1},
	}, {
		Title: "A list with something else in it",
		In:    schema.Values{"date": "2026-03-01", "more": []any{"never"}},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in severalInput) (severalOutput, error) {
	return in.pick(func(t, best time.Time) bool { return t.Before(best) })
})

// pick finds the date that is better than all before it.
func (in severalInput) pick(better func(t, best time.Time) bool) (severalOutput, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return severalOutput{}, err
	}
	list := []moment{in.Date}
	if in.Date2.given {
		list = append(list, in.Date2)
	}
	out := severalOutput{Date: in.Date.in(zone)}
	for i, m := range append(list, in.More...) {
		if t := m.in(zone); better(t, out.Date) {
			out = severalOutput{t, i}
		}
	}
	out.Date, err = fitting(out.Date)
	return out, err
}
