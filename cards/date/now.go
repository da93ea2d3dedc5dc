package date

import (
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type nowInput struct {
	Zone string `json:"zone" label:"Time zone" placeholder:"Europe/Berlin" help:"Whose clock is read, such as Europe/Berlin or +02:00. UTC when left blank."`
}

type nowOutput struct {
	Date  time.Time `json:"date" help:"The date and time."`
	ISO   string    `json:"iso" label:"ISO" help:"The same as text, to the millisecond."`
	Full  string    `json:"full" help:"The same for people: Sunday, March 1, 2026 9:30 AM."`
	Today string    `json:"today" help:"The day alone: 2026-03-01."`
	Time  string    `json:"time" help:"The time of day: 09:30:00."`
	parts
}

const (
	isoLayout  = "YYYY-MM-DD[T]HH:mm:ss.SSSZ"
	fullLayout = "dddd, MMMM D, YYYY h:mm A"
)

var (
	isoParts  = layouts(isoLayout)[0]
	fullParts = layouts(fullLayout)[0]
)

// Now reads the clock.
var Now = declare(cards.Spec{
	Name:    "date.now",
	Title:   "Now",
	Icon:    "clock",
	Summary: "Puts out the current date and time.",
	Varies:  true,
	Doc: "Reads the clock when the card runs, and puts out the date, and its parts.\n\n" +
		"- A flow that goes on after an interruption keeps the time that it had read.\n" + zoneRule,
	Keywords: []string{"date", "time", "today", "current", "clock", "timestamp", "year", "month", "day"},
	Examples: []cards.Example{{
		Title: "In UTC",
		In:    schema.Values{},
		Out:   schema.Values{"date": "2026-03-01T09:30:00Z", "full": "Sunday, March 1, 2026 9:30 AM", "month": 3, "month_name": "March", "time": "09:30:00"},
	}, {
		Title: "In New York",
		In:    schema.Values{"zone": "America/New_York"},
		Out:   schema.Values{"date": "2026-03-01T04:30:00-05:00", "iso": "2026-03-01T04:30:00.000-05:00", "hour": 4, "today": "2026-03-01"},
	}, {
		Title: "No such time zone",
		In:    schema.Values{"zone": "Mars/Olympus"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(env cards.Env, in nowInput) (nowOutput, error) {
	zone, err := zoneOf("zone", in.Zone)
	if err != nil {
		return nowOutput{}, err
	}
	if zone == nil {
		zone = time.UTC
	}
	t := env.Now().In(zone)
	return nowOutput{t, isoText(t), write(t, fullParts), t.Format(time.DateOnly), t.Format(time.TimeOnly), partsOf(t)}, nil
})

// isoText writes t with Z for UTC.
func isoText(t time.Time) string {
	return strings.Replace(write(t, isoParts), "+00:00", "Z", 1)
}
