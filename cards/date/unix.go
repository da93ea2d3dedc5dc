package date

import (
	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type instantInput struct {
	Date moment `json:"date" form:"required" help:"The date to write as a number."`
}

type instantOutput struct {
	Number int64 `json:"number" help:"The number."`
}

// Unix writes a date as seconds since 1970.
var Unix = declare(cards.Spec{
	Name:     "date.unix",
	Title:    "UNIX",
	Icon:     "hash",
	Summary:  "Writes a date as seconds since 1970.",
	Doc:      "Puts out how many whole seconds have passed since 1970 began in UTC.\n\n- Dates before that are negative. For milliseconds there is EPOCH.",
	Keywords: []string{"date", "time", "timestamp", "seconds", "epoch", "number"},
	Examples: []cards.Example{{
		Title: "A date",
		In:    schema.Values{"date": "2026-03-01T10:30:00+01:00"},
		Out:   schema.Values{"number": 1772357400},
	}, {
		Title: "Before 1970",
		In:    schema.Values{"date": "1969-12-31T23:59:59.5Z"},
		Out:   schema.Values{"number": -1},
	}},
}, func(_ cards.Env, in instantInput) (instantOutput, error) {
	return instantOutput{in.Date.at.Unix()}, nil
})
