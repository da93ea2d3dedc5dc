package control

import (
	"fmt"
	"time"

	"flowdeck/cards/schema"
)

// longest is how far ahead a card may wait.
const longest = 366 * 24 * time.Hour

var units = map[string]time.Duration{
	"seconds": time.Second, "minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour, "weeks": 7 * 24 * time.Hour,
}

// span is an amount of time, which field asks for.
func span(amount float64, unit, field string) (time.Duration, error) {
	d := amount * float64(units[unit])
	switch {
	case amount < 0:
		return 0, schema.Problems{{Field: field, Message: fmt.Sprintf("must not be negative, got %v", amount)}}
	case d > float64(longest):
		return 0, tooFar(field)
	}
	return time.Duration(d), nil
}

func tooFar(field string) error {
	return schema.Problems{{Field: field, Message: "a card can wait for at most 366 days"}}
}
