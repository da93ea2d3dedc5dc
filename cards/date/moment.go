package date

import (
	"errors"
	"time"

	"flowdeck/cards/schema"
)

// moment is a date as a card was given it: an instant with its offset, or a day, which
// begins when it begins in the time zone that the card is told.
type moment struct {
	at    time.Time // of a day, its midnight in UTC
	day   bool
	given bool
}

// Type says that a field of moments holds dates.
func (moment) Type() schema.Type { return schema.Date }

// UnmarshalText reads a date as flows write it. Unlike time.Parse it never takes an
// offset for the server's own time zone.
func (m *moment) UnmarshalText(b []byte) error {
	for _, layout := range [...]string{time.RFC3339Nano, time.DateOnly} {
		at, err := time.ParseInLocation(layout, string(b), time.UTC)
		if err == nil {
			*m = moment{at, layout == time.DateOnly, true}
			return nil
		}
	}
	return errors.New("must be a date such as 2026-03-01 or 2026-03-01T09:30:00Z")
}

// MarshalText writes the date as it was written.
func (m moment) MarshalText() ([]byte, error) {
	if m.day {
		return m.at.AppendFormat(nil, time.DateOnly), nil
	}
	return m.at.AppendFormat(nil, time.RFC3339Nano), nil
}

// in returns the moment in a time zone; in its own when zone is nil.
func (m moment) in(zone *time.Location) time.Time {
	switch {
	case zone == nil:
		return m.at
	case m.day:
		return local(m.at.Year(), m.at.Month(), m.at.Day(), clock{}, zone)
	}
	return m.at.In(zone)
}
