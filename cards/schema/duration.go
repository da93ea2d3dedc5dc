package schema

import (
	"errors"
	"time"
)

// Duration is a time.Duration written "30s".
type Duration struct{ time.Duration }

// MarshalText writes the duration as time.Duration does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "30s", "1m30s" or "500ms". A negative duration is an error.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil {
		return errors.New("must be a time with its unit, such as 30s, 5m or 1h")
	}
	if v < 0 {
		return errors.New("must not be less than nothing")
	}
	d.Duration = v
	return nil
}
