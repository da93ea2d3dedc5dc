package date

import (
	"encoding/json"
	"math/big"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Units of time, as fields offer them.
const units = "milliseconds|seconds|minutes|hours|days|weeks|months|quarters|years"

// lasting are the units that are time that passes, in nanoseconds.
var lasting = map[string]int64{"milliseconds": 1e6, "seconds": 1e9, "minutes": 60e9, "hours": 3600e9}

// farthest is how many seconds a date can be from another.
const farthest = 400_000_000_000

// plus adds the amount of a unit that stands in field, which is negative to subtract.
func plus(t time.Time, field string, amount json.Number, unit string) (time.Time, error) {
	if len(amount) > 40 {
		return t, wrong(field, "has more than 40 digits")
	}
	n, ok := new(big.Rat).SetString(string(amount))
	if !ok {
		return t, wrong(field, "must be a number, got %s", schema.Describe(amount))
	}
	if nanos, passes := lasting[unit]; passes {
		n.Mul(n, new(big.Rat).SetInt64(nanos))
		return pass(t, new(big.Int).Quo(n.Num(), n.Denom()))
	}
	if !n.IsInt() {
		return t, wrong(field, "must be whole for %s, got %s; take a smaller unit", unit, amount)
	}
	if !n.Num().IsInt64() || n.Num().Int64() > 4_000_000 || n.Num().Int64() < -4_000_000 {
		return t, errFar
	}
	whole := int(n.Num().Int64())
	switch unit {
	case "days":
		return plusDays(t, whole), nil
	case "weeks":
		return plusDays(t, 7*whole), nil
	case "quarters":
		return plusMonths(t, 3*whole), nil
	case "years":
		return plusMonths(t, 12*whole), nil
	}
	return plusMonths(t, whole), nil
}

var errFar = &cards.Error{Code: cards.CodeLimit, Message: "the result is outside of the years 1 to 9999"}

// pass returns what the clock shows when so many nanoseconds have passed.
func pass(t time.Time, nanos *big.Int) (time.Time, error) {
	seconds, rest := new(big.Int).DivMod(nanos, big.NewInt(1e9), new(big.Int))
	if !seconds.IsInt64() || seconds.Int64() > farthest || seconds.Int64() < -farthest {
		return t, errFar
	}
	return time.Unix(t.Unix()+seconds.Int64(), int64(t.Nanosecond())+rest.Int64()).In(t.Location()), nil
}

// plusDays returns the same time of day so many days later; t itself when there are none,
// which may be the second of a time that the clock shows twice.
func plusDays(t time.Time, days int) time.Time {
	if days == 0 {
		return t
	}
	return local(t.Year(), t.Month(), t.Day()+days, clockOf(t), t.Location())
}

// plusMonths returns the same day so many months later, or the last day of a month that has no such day.
func plusMonths(t time.Time, months int) time.Time {
	if months == 0 {
		return t
	}
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	day := min(t.Day(), daysIn(first.Year(), first.Month()))
	return local(first.Year(), first.Month(), day, clockOf(t), t.Location())
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// floor returns when the unit began in which t is. Weeks begin on first.
func floor(t time.Time, unit string, first time.Weekday) time.Time {
	y, m, d := t.Date()
	at := func(y int, m time.Month, d int) time.Time { return local(y, m, d, clock{}, t.Location()) }
	switch unit {
	case "seconds":
		return t.Add(-time.Duration(t.Nanosecond()))
	case "minutes":
		return t.Add(-time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	case "hours":
		return t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	case "weeks":
		return at(y, m, d-int(7+t.Weekday()-first)%7)
	case "months":
		return at(y, m, 1)
	case "quarters":
		return at(y, m-(m-1)%3, 1)
	case "years":
		return at(y, time.January, 1)
	case "days":
		return at(y, m, d)
	}
	return t.Truncate(time.Millisecond)
}

// next returns when the unit after the one in which t is begins.
func next(t time.Time, unit string, first time.Weekday) time.Time {
	began := floor(t, unit, first)
	switch unit {
	case "weeks":
		return plusDays(began, 7)
	case "months":
		return plusMonths(began, 1)
	case "quarters":
		return plusMonths(began, 3)
	case "years":
		return plusMonths(began, 12)
	case "days":
		y, m, d := t.Date()
		return local(y, m, d+1, clock{}, t.Location())
	}
	return began.Add(time.Duration(lasting[unit]))
}
