package schedule

import "time"

const day = 24 * time.Hour

// stepsOf is due again and again after the same time. Several whole hours that fit into a
// day are times of day, so that every six hours is at 0, 6, 12 and 18 o'clock also on the
// days on which clocks are changed.
func stepsOf(every time.Duration, zone *time.Location) when {
	if every <= time.Hour || every%time.Hour != 0 || day%every != 0 {
		return steps{every: every, zone: zone}
	}
	c := calendar{zone: zone}
	for t := time.Duration(0); t < day; t += every {
		c.times = append(c.times, t)
	}
	return c
}

// steps is due at equal distances. One that fits into a day is counted from each midnight,
// others are counted from the first of January 2000.
type steps struct {
	every time.Duration
	zone  *time.Location
}

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
	// A day on which clocks are changed may end within a step.
	if at := follow(begin, after, s.every); end.Sub(at) >= s.every/2 {
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
