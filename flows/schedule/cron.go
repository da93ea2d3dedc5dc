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
	if word, length, _ := strings.Cut(text, " "); word == "@every" {
		return everyOf(strings.TrimSpace(length), zone)
	}
	if !strings.HasPrefix(text, "@") {
		var err error
		if text, err = plain(text); err != nil {
			return nil, err
		}
	}
	parsed, err := cron.ParseStandard(text)
	if err != nil && strings.HasPrefix(text, "@") {
		return nil, fmt.Errorf("has %q, which is none of the words @hourly, @daily, @weekly, @monthly, @yearly and @every", text)
	}
	x, is := parsed.(*cron.SpecSchedule)
	if err != nil || !is {
		return nil, fmt.Errorf("is no cron expression: %q", text)
	}
	x.Location = time.UTC
	if x.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, errors.New("names a day that there never is")
	}
	return expression{spec: x, zone: zone}, nil
}

// everyOf reads what stands after @every.
func everyOf(text string, zone *time.Location) (when, error) {
	step, err := time.ParseDuration(text)
	if err != nil {
		return nil, fmt.Errorf("has %q after @every, where a time such as 90m or 12h stands", text)
	}
	if step < time.Minute {
		return nil, fmt.Errorf("cannot be more often than every minute, got %s", text)
	}
	return stepsOf(step.Truncate(time.Second), zone), nil
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
