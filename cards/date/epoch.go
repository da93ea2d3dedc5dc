package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Epoch writes a date as milliseconds since 1970.
var Epoch = declare(cards.Spec{
	Name:     "date.epoch",
	Title:    "EPOCH",
	Icon:     "hash",
	Summary:  "Writes a date as milliseconds since 1970.",
	Doc:      "Puts out how many whole milliseconds have passed since 1970 began in UTC.\n\n- Dates before that are negative. For seconds there is UNIX.",
	Keywords: []string{"date", "time", "timestamp", "milliseconds", "unix", "number", "javascript"},
	Examples: []cards.Example{{
		Title: "A date",
		In:    schema.Values{"date": "2026-03-01T09:30:00.25Z"},
		Out:   schema.Values{"number": 1772357400250},
	}, {
		Title: "A day begins in UTC",
		In:    schema.Values{"date": "1970-01-02"},
		Out:   schema.Values{"number": 86400000},
	}},
}, func(_ cards.Env, in instantInput) (instantOutput, error) {
	return instantOutput{in.Date.at.UnixMilli()}, nil
})
