package date

import (
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Latest finds the last of several dates.
var Latest = declare(cards.Spec{
	Name:     "date.latest",
	Title:    "Latest",
	Icon:     "arrow-down",
	Summary:  "Finds the latest of several dates.",
	Doc:      "Puts out the date that comes last, with its offset, and which of them it is.\n\n- Of several that are the same instant the first one counts.",
	Keywords: []string{"date", "time", "last", "maximum", "newest", "most recent"},
	Examples: []cards.Example{{
		Title: "Of two",
		In:    schema.Values{"date": "2026-03-01T10:00:00+01:00", "date_2": "2026-03-01T09:30:00Z"},
		Out:   schema.Values{"date": "2026-03-01T09:30:00Z", "position": 1},
	}, {
		Title: "Of one alone",
		In:    schema.Values{"date": "2026-03-01"},
		Out:   schema.Values{"date": "2026-03-01T00:00:00Z", "position": 0},
	}},
}, func(_ cards.Env, in severalInput) (severalOutput, error) {
	return in.pick(func(t, best time.Time) bool { return t.After(best) })
})
