package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// parts are what a date is made of.
type parts struct {
	Year        int    `json:"year" help:"The year."`
	Month       int    `json:"month" help:"The month, 1 to 12."`
	MonthName   string `json:"month_name" help:"The month's name: March."`
	Day         int    `json:"day" help:"The day of the month."`
	Hour        int    `json:"hour" help:"The hour, 0 to 23."`
	Minute      int    `json:"minute" help:"The minute."`
	Second      int    `json:"second" help:"The second."`
	Millisecond int    `json:"millisecond" help:"The millisecond."`
	Weekday     int    `json:"weekday" help:"The day of the week: Monday is 1, Sunday 7."`
	WeekdayName string `json:"weekday_name" help:"Its name: Sunday."`
}

func partsOf(t time.Time) parts {
	return parts{t.Year(), int(t.Month()), t.Month().String(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1e6, isoWeekday(t), t.Weekday().String()}
}

// dateInput is what the cards take that look at one date.
type dateInput struct {
	Date moment `json:"date" form:"required" help:"The date to look at."`
	Zone string `json:"zone" label:"Time zone" placeholder:"Europe/Berlin" help:"Whose clock and calendar count. The date's own offset when left blank."`
}

func (in dateInput) local() (time.Time, error) {
	zone, err := zoneOf("zone", in.Zone)
	return in.Date.in(zone), err
}

type componentsOutput struct {
	parts
	Week        int    `json:"week" help:"The ISO week, 1 to 53."`
	WeekYear    int    `json:"week_year" help:"The year that the week belongs to."`
	DayOfYear   int    `json:"day_of_year" help:"The day of the year, from 1."`
	Quarter     int    `json:"quarter" help:"The quarter, 1 to 4."`
	DaysInMonth int    `json:"days_in_month" help:"How many days the month has."`
	LeapYear    bool   `json:"leap_year" help:"Whether the year has February 29."`
	Offset      string `json:"offset" help:"How far the clock is from UTC: +02:00."`
	Zone        string `json:"zone" help:"The short name of the time, such as CEST; its offset when it has none."`
	SummerTime  bool   `json:"summer_time" help:"Whether the clock is put forward."`
}

// Components takes a date apart.
var Components = declare(cards.Spec{
	Name:    "date.components",
	Title:   "Components",
	Summary: "Takes a date apart into year, month, day, hour and so on.",
	Whole:   true,
	Doc: "Puts out what a date is made of, as its time zone shows it.\n\n" +
		"- Weeks are those of ISO 8601: they begin on Monday, and week 1 has January 4.\n" + zoneRule,
	Keywords: []string{"date", "time", "year", "month", "day", "week", "quarter", "parts", "leap year"},
	Examples: []cards.Example{{
		Title: "Another day somewhere else",
		In:    schema.Values{"date": "2026-03-01T23:30:00Z", "zone": "Asia/Tokyo"},
		Out:   schema.Values{"day": 2, "hour": 8, "weekday_name": "Monday", "offset": "+09:00", "zone": "JST", "week": 10},
	}, {
		Title: "The last days of a year may be in the first week",
		In:    schema.Values{"date": "2024-12-30"},
		Out:   schema.Values{"week": 1, "week_year": 2025, "day_of_year": 365, "leap_year": true, "quarter": 4},
	}, {
		Title: "Not a date",
		In:    schema.Values{"date": "2026-02-30"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ cards.Env, in dateInput) (componentsOutput, error) {
	t, err := in.local()
	if err != nil {
		return componentsOutput{}, err
	}
	year, week := t.ISOWeek()
	leap := daysIn(t.Year(), time.February) == 29
	return componentsOutput{partsOf(t), week, year, t.YearDay(), numberOf(t, "Q"), daysIn(t.Year(), t.Month()), leap,
		t.Format("-07:00"), string(appendToken(nil, t, "z")), t.IsDST()}, nil
})
