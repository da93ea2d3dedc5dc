// Package date holds the cards that work with dates, times and time zones.
//
// They compute and touch nothing but the clock.
//
// The rules of the calendar are in one place each: zone.go for clocks that are put
// forward and back, arithmetic.go for the ends of months, layout.go for formats.
package date

import (
	"context"
	"fmt"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// declare makes a card of this package.
func declare[In, Out any](s cards.Spec, f func(cards.Env, In) (Out, error)) cards.Card {
	s.Category, s.Family = "Date & Time", cards.FamilyData
	if s.Icon == "" {
		s.Icon = "calendar"
	}
	return cards.NewFunction(s, func(_ context.Context, env cards.Env, in In) (Out, error) { return f(env, in) })
}

// output is what most cards here put out.
type output struct {
	Date time.Time `json:"date" help:"The date and time."`
}

// Words that the help of several cards has.
const (
	zoneRule = "- **Time zone** is a name such as Europe/Berlin, or an offset such as +02:00. Without it the date's own offset holds; a day without a time is its midnight, in UTC when there is no zone."
	dstRule  = "- Days and longer keep the time on the clock; hours and shorter are time that passes. A time that the clock skips in spring is moved forward by what is skipped; of a time that comes twice in autumn the first counts."
	endRule  = "- A day that a month does not have becomes its last: January 31 and a month is February 28 or 29."
)

// wrong is a mistake in one field.
func wrong(field, format string, args ...any) error {
	return schema.Problems{{Field: field, Message: fmt.Sprintf(format, args...)}}
}

// fitting returns t as flows can write it: RFC 3339 has four digits for the year, and
// no seconds in an offset.
func fitting(t time.Time) (time.Time, error) {
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	if y := t.Year(); y < 1 || y > 9999 {
		return t, &cards.Error{Code: cards.CodeLimit, Message: "the result is outside of the years 1 to 9999"}
	}
	return t, nil
}

// put is fitting for cards that put out one date.
func put(t time.Time) (output, error) {
	t, err := fitting(t)
	return output{t}, err
}
