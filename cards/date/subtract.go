package date

import (
	"encoding/json"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Subtract goes back from a date.
var Subtract = declare(cards.Spec{
	Name:     "date.subtract",
	Title:    "Subtract",
	Icon:     "calendar-clock",
	Summary:  "Subtracts an amount of time from a date.",
	Doc:      "Puts out the date that is so much earlier.\n\n" + endRule + "\n" + dstRule + "\n" + zoneRule,
	Keywords: []string{"date", "time", "earlier", "minus", "ago", "before", "since"},
	Examples: []cards.Example{{
		Title: "Ninety days ago",
		In:    schema.Values{"date": "2026-03-01T09:30:00Z", "amount": 90, "unit": "days"},
		Out:   schema.Values{"date": "2025-12-01T09:30:00Z"},
	}, {
		Title: "A year before a leap day",
		In:    schema.Values{"date": "2024-02-29", "amount": 1, "unit": "years"},
		Out:   schema.Values{"date": "2023-02-28T00:00:00Z"},
	}, {
		Title: "Before the first year",
		In:    schema.Values{"date": "0001-01-01", "amount": 1, "unit": "seconds"},
		Err:   cards.CodeLimit,
	}},
}, func(_ cards.Env, in addInput) (output, error) {
	if less, negative := strings.CutPrefix(string(in.Amount), "-"); negative {
		return in.move(json.Number(less))
	}
	return in.move("-" + in.Amount)
})
