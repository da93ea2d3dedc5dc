package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type compareInput struct {
	Date  moment `json:"date" form:"required" help:"The date to compare."`
	Other moment `json:"other" label:"Compared with" form:"required" help:"The date that it is compared with."`
	Unit  string `json:"unit" label:"To the" default:"milliseconds" options:"milliseconds=millisecond|seconds=second|minutes=minute|hours=hour|days=day|weeks=week|months=month|quarters=quarter|years=year" form:"fixed" help:"Dates in the same one are the same."`
	Zone  string `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Whose days and months count. The first date's own offset when left blank."`
}

type compareOutput struct {
	Before bool `json:"before" help:"Whether the date is before the other."`
	Same   bool `json:"same" help:"Whether they are the same."`
	After  bool `json:"after" help:"Whether the date is after the other."`
	Order  int  `json:"order" help:"−1 when it is before, 0 when they are the same, 1 when it is after."`
}

// Compare says which of two dates comes first.
var Compare = declare(cards.Spec{
	Name:    "date.compare",
	Title:   "Compare Dates",
	Icon:    "equal",
	Summary: "Says which of two dates comes first.",
	Whole:   true,
	Doc: "Puts out whether a date is before or after another, or the same.\n\n" +
		"- Instants are compared, whatever their offsets: 10:00+01:00 is 09:00Z. To the day, both are on the calendar of one time zone; weeks begin on Monday.\n" + zoneRule,
	Keywords: []string{"date", "time", "before", "after", "same day", "expired", "overdue", "earlier", "later"},
	Examples: []cards.Example{{
		Title: "The same instant",
		In:    schema.Values{"date": "2026-03-01T10:30:00+01:00", "other": "2026-03-01T09:30:00Z"},
		Out:   schema.Values{"same": true, "before": false, "order": 0},
	}, {
		Title: "The same day",
		In:    schema.Values{"date": "2026-03-01T08:00:00Z", "other": "2026-03-01T20:00:00Z", "unit": "days"},
		Out:   schema.Values{"same": true},
	}, {
		Title: "Over",
		In:    schema.Values{"date": "2026-02-28", "other": "2026-03-01T09:30:00Z"},
		Out:   schema.Values{"before": true, "order": -1},
	}, {
		Title: "Not a date",
		In:    schema.Values{"date": "soon", "other": "2026-03-01"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in compareInput) (compareOutput, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return compareOutput{}, err
	}
	a := in.Date.in(zone)
	b := in.Other.in(zone).In(a.Location())
	order := floor(a, in.Unit, time.Monday).Compare(floor(b, in.Unit, time.Monday))
	return compareOutput{order < 0, order == 0, order > 0, order}, nil
})
