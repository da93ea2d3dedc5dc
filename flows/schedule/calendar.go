package schedule

import (
	"slices"
	"time"
)

// lastDay stands for the last day of every month.
const lastDay = 99

// calendar is due at times of day, on every day, on some days of the week, or on one day
// of every month.
type calendar struct {
	times    []time.Duration // since midnight, in order
	weekdays [7]bool         // none: every day
	day      int             // of the month; 0: every day
	zone     *time.Location
}

func (c calendar) next(after time.Time) time.Time {
	wall := wallOf(after)
	day := time.Date(wall.Year(), wall.Month(), wall.Day(), 0, 0, 0, 0, time.UTC)
	for ; ; day = day.AddDate(0, 0, 1) {
		if !c.on(day) {
			continue
		}
		for _, t := range c.times {
			if at := instant(day.Add(t), c.zone); at.After(after) {
				return at
			}
		}
	}
}

func (c calendar) on(day time.Time) bool {
	switch {
	case c.weekdays != [7]bool{}:
		return c.weekdays[day.Weekday()]
	case c.day > 0:
		return day.Day() == min(c.day, day.AddDate(0, 1, -day.Day()).Day())
	}
	return true
}

func sorted(list []time.Duration) []time.Duration {
	slices.Sort(list)
	return slices.Compact(list)
}
