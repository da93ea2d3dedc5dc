package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type addDurationInput struct {
	Date     moment `json:"date" label:"Start date" form:"required" help:"The date to begin from."`
	Duration string `json:"duration" form:"required" placeholder:"P1DT12H" help:"An ISO 8601 duration; -P1D goes back."`
	Zone     string `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Whose clock and calendar count. The date's own offset when left blank."`
}

// AddDuration adds an ISO 8601 duration.
var AddDuration = declare(cards.Spec{
	Name:    "date.add_duration",
	Title:   "Add Duration",
	Icon:    "calendar-clock",
	Summary: "Adds an ISO 8601 duration to a date.",
	Doc: "Puts out the date when a duration such as `P1Y2M10DT2H30M` has gone by: years and months first, then days, then time.\n\n" +
		"- P stands first and T before hours; W are weeks. Only the last part of the time may have decimals. −P1D goes back.\n" + endRule + "\n" + dstRule + "\n" + zoneRule,
	Keywords: []string{"date", "time", "ISO 8601", "interval", "period", "plus", "later"},
	Examples: []cards.Example{{
		Title: "A month and a half day",
		In:    schema.Values{"date": "2026-01-31T10:00:00Z", "duration": "P1MT12H"},
		Out:   schema.Values{"date": "2026-02-28T22:00:00Z"},
	}, {
		Title: "Back",
		In:    schema.Values{"date": "2026-03-01T00:00:00Z", "duration": "-PT0.5S"},
		Out:   schema.Values{"date": "2026-02-28T23:59:59.5Z"},
	}, {
		Title: "Not a duration",
		In:    schema.Values{"date": "2026-03-01", "duration": "1 day"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in addDurationInput) (output, error) {
	d, err := readDuration("duration", in.Duration)
	if err != nil {
		return output{}, err
	}
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	t, err := d.after(in.Date.in(zone))
	if err != nil {
		return output{}, err
	}
	return put(t)
})
