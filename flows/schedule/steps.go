package schedule

import "time"

// steps is due again and again after the same time. A step that fits into a day is
// counted from each midnight, so that every six hours is at 0, 6, 12 and 18 o'clock in
// summer and in winter; others are counted from the first of January 2000.
type steps struct {
	every time.Duration
	zone  *time.Location
}

const day = 24 * time.Hour

func (s steps) next(after time.Time) time.Time {
	if day%s.every != 0 {
		return follow(time.Date(2000, 1, 1, 0, 0, 0, 0, s.zone), after, s.every)
	}
	wall := wallOf(after)
	today := time.Date(wall.Year(), wall.Month(), wall.Day(), 0, 0, 0, 0, time.UTC)
	begin, end := instant(today, s.zone), instant(today.AddDate(0, 0, 1), s.zone)
	for n := 2; !end.After(after); n++ {
		begin, end = end, instant(today.AddDate(0, 0, n), s.zone)
	}
	if at := follow(begin, after, s.every); at.Before(end) {
		return at
	}
	return end
}

// follow returns the first of begin, begin + every, begin + 2 every … after a time.
func follow(begin, after time.Time, every time.Duration) time.Time {
	if after.Before(begin) {
		back := begin.Sub(after)
		begin = begin.Add(-(back/every + 1) * every)
	}
	return begin.Add((after.Sub(begin)/every + 1) * every)
}
