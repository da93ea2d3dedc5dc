package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type nextWeekdayInput struct {
	Date      moment `json:"date" label:"Start date" form:"required" help:"The date to begin from."`
	Weekday   string `json:"weekday" label:"Day of the week" form:"required" default:"monday" options:"monday=Monday|tuesday=Tuesday|wednesday=Wednesday|thursday=Thursday|friday=Friday|saturday=Saturday|sunday=Sunday" help:"The day to find."`
	Direction string `json:"direction" default:"next" options:"next=the next one|previous=the one before" form:"fixed" help:"Which of them."`
	Today     bool   `json:"today" label:"May be the same day" help:"Put out the date itself when it is such a day."`
	Zone      string `json:"zone" label:"Time zone" form:"advanced" placeholder:"Europe/Berlin" help:"Whose clock and calendar count. The date's own offset when left blank."`
}

// NextWeekday finds the next Monday, or another day.
var NextWeekday = declare(cards.Spec{
	Name:     "date.next_weekday",
	Title:    "Next Weekday",
	Summary:  "Finds the next Monday, or another day of the week.",
	Doc:      "Puts out the same time on the next such day, or on the one before.\n\n" + dstRule + "\n" + zoneRule,
	Keywords: []string{"date", "time", "monday", "friday", "weekday", "next", "previous", "last"},
	Examples: []cards.Example{{
		Title: "The Monday after a Sunday",
		In:    schema.Values{"date": "2026-03-01T09:30:00Z", "weekday": "monday"},
		Out:   schema.Values{"date": "2026-03-02T09:30:00Z"},
	}, {
		Title: "The Sunday before",
		In:    schema.Values{"date": "2026-03-01T09:30:00Z", "weekday": "sunday", "direction": "previous"},
		Out:   schema.Values{"date": "2026-02-22T09:30:00Z"},
	}, {
		Title: "Today will do",
		In:    schema.Values{"date": "2026-03-01T09:30:00Z", "weekday": "sunday", "today": true},
		Out:   schema.Values{"date": "2026-03-01T09:30:00Z"},
	}, {
		Title: "No such day",
		In:    schema.Values{"date": "2026-03-01", "weekday": "Montag"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in nextWeekdayInput) (output, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return output{}, err
	}
	t := in.Date.in(zone)
	days := int(7+weekdays[in.Weekday]-t.Weekday()) % 7
	switch {
	case days == 0 && in.Today:
		return put(t)
	case in.Direction == "previous":
		return put(plusDays(t, days-7))
	case days == 0:
		days = 7
	}
	return put(plusDays(t, days))
})
