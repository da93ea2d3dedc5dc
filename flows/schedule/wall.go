package schedule

import "time"

// A wall time is what clocks show: a time.Time whose fields are meant, in UTC.

// wallOf is what clocks in t's zone show at t.
func wallOf(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// mostShift bounds how far the clocks of a zone are from UTC, and from what they were.
const mostShift = 48 * time.Hour

// instant returns when clocks in zone show wall: of two times the first. When they skip
// it, it is the moment at which they do.
func instant(wall time.Time, zone *time.Location) time.Time {
	t := wall.Add(-mostShift).In(zone)
	for {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if end.IsZero() || at.Before(end) {
			return at.In(zone)
		}
		_, later := end.Zone()
		if wall.Add(-time.Duration(later) * time.Second).Before(end) {
			return end
		}
		t = end
	}
}
