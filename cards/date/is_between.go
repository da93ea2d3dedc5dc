package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type isBetweenInput struct {
	Date      moment `json:"date" form:"required" help:"The date to look at."`
	Start     moment `json:"start" form:"required" help:"When the time begins."`
	End       moment `json:"end" form:"required" help:"When it ends."`
	Inclusive bool   `json:"inclusive" label:"With the end" help:"Whether the end itself is within. The start always is."`
	Zone      string `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Where days without a time begin. UTC when left blank."`
}

type isBetweenOutput struct {
	Result bool `json:"result" help:"True or false."`
}

// IsBetween says whether a date is within a time.
var IsBetween = declare(cards.Spec{
	Name:     "date.is_between",
	Title:    "Is Between",
	Icon:     "calendar-clock",
	Summary:  "Says whether a date is between two others.",
	Doc:      "Puts out true when the date is not before the start, and is before the end.\n\n- **With the end**, it may be the end itself. When the end is before the start, nothing is between.\n" + zoneRule,
	Keywords: []string{"date", "time", "range", "within", "window", "period", "maintenance"},
	Examples: []cards.Example{{
		Title: "Within a day",
		In:    schema.Values{"date": "2026-03-01T09:30:00Z", "start": "2026-03-01", "end": "2026-03-02"},
		Out:   schema.Values{"result": true},
	}, {
		Title: "The end is not within",
		In:    schema.Values{"date": "2026-03-02T00:00:00Z", "start": "2026-03-01", "end": "2026-03-02"},
		Out:   schema.Values{"result": false},
	}, {
		Title: "Unless it is said",
		In:    schema.Values{"date": "2026-03-02T00:00:00Z", "start": "2026-03-01", "end": "2026-03-02", "inclusive": true},
		Out:   schema.Values{"result": true},
	}},
}, func(_ cards.Env, in isBetweenInput) (isBetweenOutput, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return isBetweenOutput{}, err
	}
	t, start, end := in.Date.in(zone), in.Start.in(zone), in.End.in(zone)
	within := !t.Before(start) && (t.Before(end) || in.Inclusive && t.Equal(end))
	return isBetweenOutput{within}, nil
})
