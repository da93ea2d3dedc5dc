package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// expression is due when a cron expression says so.
type expression struct {
	spec *cron.SpecSchedule // over wall times
	zone *time.Location
}

// everyHour are the bits of an expression that names no hours.
const everyHour = 1<<24 - 1

// cronOf reads an expression: five fields, or a word such as @daily.
func cronOf(text string, zone *time.Location) (when, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ=") {
		return nil, errors.New("cannot say the time zone; choose it at Time zone")
	}
	parsed, err := cron.ParseStandard(text)
	if err != nil {
		return nil, fmt.Errorf("is no cron expression: %w. It has five fields: minute, hour, day of the month, month, day of the week", err)
	}
	switch x := parsed.(type) {
	case cron.ConstantDelaySchedule:
		if x.Delay < time.Minute {
			return nil, fmt.Errorf("cannot be more often than every minute, got %s", x.Delay)
		}
		return stepsOf(x.Delay, zone), nil
	case *cron.SpecSchedule:
		x.Location = time.UTC
		e := expression{spec: x, zone: zone}
		if x.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
			return nil, errors.New("names a day that there never is")
		}
		return e, nil
	}
	return nil, fmt.Errorf("is no cron expression: %q", text)
}

// next keeps to what clocks show: a time that they skip is due when they do, one that
// they show twice is due once. An expression for every hour goes on by the hour instead.
func (e expression) next(after time.Time) time.Time {
	if e.spec.Hour&everyHour == everyHour {
		return e.hourly(after)
	}
	for wall := e.spec.Next(wallOf(after)); !wall.IsZero(); wall = e.spec.Next(wall) {
		if at := instant(wall, e.zone); at.After(after) {
			return at
		}
	}
	return time.Time{}
}

func (e expression) hourly(after time.Time) time.Time {
	wall := wallOf(after)
	for t := after; ; {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		next := e.spec.Next(wall)
		if next.IsZero() {
			return next
		}
		at := next.Add(-time.Duration(offset) * time.Second)
		if end.IsZero() || at.Before(end) {
			return at
		}
		t, wall = end, wallOf(end).Add(-time.Second)
	}
}
