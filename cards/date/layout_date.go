package date

import (
	"errors"
	"fmt"
	"time"
)

// date makes a date of what a text said. Everything that it said has to be true of the date.
func (f *fields) date(zone *time.Location) (time.Time, error) {
	if f.zone != nil {
		zone = f.zone
	} else if zone == nil {
		zone = time.UTC
	}
	if f.at != nil {
		return fitting(f.at.In(zone))
	}
	c, err := f.clock()
	if err != nil {
		return time.Time{}, err
	}
	year, month, day, err := f.calendar()
	if err != nil {
		return time.Time{}, err
	}
	shown := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if f.weekday >= 0 && isoWeekday(shown) != f.weekday {
		return time.Time{}, fmt.Errorf("names the wrong day of the week: %s is a %s", shown.Format(time.DateOnly), shown.Weekday())
	}
	if f.quarter >= 0 && (int(month)+2)/3 != f.quarter {
		return time.Time{}, fmt.Errorf("names the wrong quarter: %s is in quarter %d", shown.Format(time.DateOnly), (int(month)+2)/3)
	}
	return local(year, month, day, c, zone), nil
}

// calendar returns the day. What was not said is the first: of the year, or of the month.
func (f *fields) calendar() (year int, month time.Month, day int, err error) {
	if f.week >= 0 && f.weekYear >= 0 {
		return f.isoWeek()
	}
	if f.year < 1 {
		return 0, 0, 0, errors.New("needs a year: the format has none, or it is 0")
	}
	if f.yearDay >= 0 {
		date := time.Date(f.year, time.January, f.yearDay, 0, 0, 0, 0, time.UTC)
		if date.Year() != f.year {
			return 0, 0, 0, fmt.Errorf("has the day %d of the year, and %d has no such day", f.yearDay, f.year)
		}
		return f.year, date.Month(), date.Day(), nil
	}
	m, d := or(f.month, 1), or(f.day, 1)
	if f.month < 0 && f.quarter >= 1 && f.quarter <= 4 {
		m = 3*f.quarter - 2
	}
	if m < 1 || m > 12 {
		return 0, 0, 0, fmt.Errorf("has the month %d, and there are 12", m)
	}
	if most := daysIn(f.year, time.Month(m)); d < 1 || d > most {
		return 0, 0, 0, fmt.Errorf("has the day %d, and %s %d has %d days", d, time.Month(m), f.year, most)
	}
	return f.year, time.Month(m), d, nil
}

func (f *fields) isoWeek() (int, time.Month, int, error) {
	weekday := or(f.weekday, 1)
	if weekday < 1 || weekday > 7 {
		return 0, 0, 0, fmt.Errorf("has the day %d of the week, and there are 7", weekday)
	}
	// January 4 is always in week 1.
	first := time.Date(f.weekYear, time.January, 4, 0, 0, 0, 0, time.UTC)
	date := first.AddDate(0, 0, 7*(f.week-1)+weekday-isoWeekday(first))
	if year, week := date.ISOWeek(); year != f.weekYear || week != f.week || date.Year() < 1 {
		return 0, 0, 0, fmt.Errorf("has the week %d, and %d has no such week", f.week, f.weekYear)
	}
	return date.Year(), date.Month(), date.Day(), nil
}

func (f *fields) clock() (clock, error) {
	c := clock{or(f.hour, 0), or(f.minute, 0), or(f.second, 0), or(f.nano, 0)}
	if f.hour12 >= 0 {
		switch {
		case f.hour12 < 1 || f.hour12 > 12:
			return c, fmt.Errorf("has the hour %d, and the clock has 12", f.hour12)
		case f.pm < 0:
			return c, errors.New("needs AM or PM: the format has an hour of 12 (hh) without A")
		}
		c.hour = f.hour12%12 + 12*f.pm
	}
	switch {
	case c.hour > 23:
		return c, fmt.Errorf("has the hour %d, and the day has 24, from 0", c.hour)
	case c.minute > 59:
		return c, fmt.Errorf("has the minute %d, and the hour has 60, from 0", c.minute)
	case c.second > 59:
		return c, fmt.Errorf("has the second %d, and the minute has 60, from 0", c.second)
	}
	return c, nil
}

func or(n, otherwise int) int {
	if n < 0 {
		return otherwise
	}
	return n
}
