package date

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"flowdeck/cards/schema"
)

// zones keeps the time zones that were asked for. There are some 600 names.
var zones sync.Map // name → *time.Location

var offset = regexp.MustCompile(`^([+-])(\d\d)(?::?(\d\d))?$`)

// zoneOf returns a time zone by its name or offset; nil when the name is empty.
func zoneOf(field, name string) (*time.Location, error) {
	name = strings.TrimSpace(name)
	switch name {
	case "":
		return nil, nil
	case "Z", "z", "utc", "GMT":
		return time.UTC, nil
	}
	if z, known := zones.Load(name); known {
		return z.(*time.Location), nil
	}
	if z, ok := fixed(name); ok {
		return z, nil
	}
	z, err := time.LoadLocation(name)
	if err != nil || z == time.Local {
		return nil, wrong(field, "is not a time zone such as Europe/Berlin or +02:00, got %s", schema.Describe(name))
	}
	zones.Store(name, z)
	return z, nil
}

// fixed returns the zone of an offset such as +02:00, +0200 or +02.
func fixed(name string) (*time.Location, bool) {
	m := offset.FindStringSubmatch(name)
	if m == nil {
		return nil, false
	}
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi("0" + m[3])
	if hours > 23 || minutes > 59 {
		return nil, false
	}
	seconds := hours*3600 + minutes*60
	if m[1] == "-" {
		seconds = -seconds
	}
	if seconds == 0 {
		return time.UTC, true
	}
	return time.FixedZone("", seconds), true
}

// clock is a time of day.
type clock struct{ hour, minute, second, nano int }

func clockOf(t time.Time) clock { return clock{t.Hour(), t.Minute(), t.Second(), t.Nanosecond()} }

// local returns when the clocks of a zone show that time. One that they skip is moved
// forward by what is skipped: 02:30 becomes 03:30. Of one that they show twice it is the first.
func local(year int, month time.Month, day int, c clock, zone *time.Location) time.Time {
	shown := time.Date(year, month, day, c.hour, c.minute, c.second, c.nano, time.UTC)
	before, after := offsetAt(shown.Add(-24*time.Hour), zone), offsetAt(shown.Add(24*time.Hour), zone)
	first := shown.Add(-time.Duration(max(before, after)) * time.Second)
	if offsetAt(first, zone) == max(before, after) {
		return first.In(zone)
	}
	second := shown.Add(-time.Duration(min(before, after)) * time.Second)
	if offsetAt(second, zone) == min(before, after) {
		return second.In(zone)
	}
	return shown.Add(-time.Duration(before) * time.Second).In(zone)
}

// offsetAt returns how many seconds a zone is ahead of UTC.
func offsetAt(t time.Time, zone *time.Location) int {
	_, seconds := t.In(zone).Zone()
	return seconds
}
