package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type dayOfWeekOutput struct {
	Name    string `json:"name" help:"The day: Sunday."`
	Number  int    `json:"number" help:"Monday is 1, Sunday 7."`
	Weekend bool   `json:"weekend" help:"Whether it is a Saturday or a Sunday."`
}

// DayOfWeek names the day of the week.
var DayOfWeek = declare(cards.Spec{
	Name:     "date.day_of_week",
	Title:    "Day of Week",
	Summary:  "Says which day of the week a date is.",
	Doc:      "Puts out the name and the number of the day, and whether it is a weekend.\n\n- Days have the numbers of ISO 8601.\n" + zoneRule,
	Keywords: []string{"date", "weekday", "monday", "sunday", "weekend", "business day"},
	Examples: []cards.Example{{
		Title: "A Sunday",
		In:    schema.Values{"date": "2026-03-01"},
		Out:   schema.Values{"name": "Sunday", "number": 7, "weekend": true},
	}, {
		Title: "Monday already, in Tokyo",
		In:    schema.Values{"date": "2026-03-01T20:00:00Z", "zone": "Asia/Tokyo"},
		Out:   schema.Values{"name": "Monday", "number": 1, "weekend": false},
	}},
}, func(_ cards.Env, in dateInput) (dayOfWeekOutput, error) {
	t, err := in.local()
	n := isoWeekday(t)
	return dayOfWeekOutput{t.Weekday().String(), n, n > 5}, err
})
