package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// Keep says how much history stays. A flow may say less of its own.
type Keep struct {
	// Bytes bounds what the store takes of the disk: the database, its log, and the files of
	// large bodies; of PostgreSQL, the data of its runs. 0: no bound.
	Bytes int64 `json:"bytes,omitempty"`
	// Days is how long runs stay at most; 0: as each flow says.
	Days int `json:"days,omitempty"`
	// FailedTimes is how many times as long runs that did not succeed stay when space is short.
	FailedTimes int `json:"failed_times,omitempty"`
}

// LeastBytes is the smallest bound there may be: Flowdeck itself needs a few megabytes.
const LeastBytes = 20 << 20

// MostFailedTimes is the most that Keep.FailedTimes may be.
const MostFailedTimes = 100

const (
	keepSetting   = "history"
	prunedSetting = "history_pruned"
)

// Check says what is wrong, by the names of the fields in JSON.
func (k Keep) Check() (p schema.Problems) {
	add := func(field, message string) { p = append(p, schema.Problem{Field: field, Message: message}) }
	if k.Bytes != 0 && k.Bytes < LeastBytes {
		add("bytes", fmt.Sprintf("must be %d MB or more, or nothing for no limit", LeastBytes>>20))
	}
	if k.Days < 0 || k.Days > flows.MostKeepDays {
		add("days", fmt.Sprintf("must be a whole number of days up to %d, or nothing", flows.MostKeepDays))
	}
	if k.FailedTimes < 1 || k.FailedTimes > MostFailedTimes {
		add("failed_times", fmt.Sprintf("must be a whole number from 1 to %d", MostFailedTimes))
	}
	return p
}

// Kept is how much history stays.
func (s *Store) Kept() Keep { return *s.keep.Load() }

// SetKeep changes how much history stays, for good. What is too much goes soon.
func (s *Store) SetKeep(ctx context.Context, k Keep) error {
	content, err := json.Marshal(k)
	if err == nil {
		err = s.SetSetting(ctx, keepSetting, string(content))
	}
	if err != nil {
		return err
	}
	s.keep.Store(&k)
	s.writer.nudge()
	return s.boundLog(ctx)
}

// loadKeep reads what was set; what was not is as the options say.
func (s *Store) loadKeep(ctx context.Context, otherwise Keep) error {
	content, err := s.Setting(ctx, keepSetting)
	switch {
	case errors.Is(err, flows.ErrNotFound):
	case err != nil:
		return err
	default:
		otherwise = Keep{}
		if err := json.Unmarshal([]byte(content), &otherwise); err != nil {
			return fmt.Errorf("setting %s: %w", keepSetting, err)
		}
	}
	otherwise.FailedTimes = max(otherwise.FailedTimes, 1)
	s.keep.Store(&otherwise)
	return nil
}

// Said is what was deleted to keep within the bounds: the last time, and in all.
type Said struct {
	At    time.Time `json:"at,omitzero"`
	Why   string    `json:"why,omitempty"` // "age", "space" or "flow"
	Runs  int       `json:"runs,omitempty"`
	Bytes int64     `json:"bytes,omitempty"`
	All   int64     `json:"all,omitempty"`  // runs, since there is this store
	Full  bool      `json:"full,omitempty"` // nothing is left to delete, and it is still too much
}

// PrunedLast returns what was deleted last.
func (s *Store) PrunedLast(ctx context.Context) (p Said, err error) {
	content, err := s.Setting(ctx, prunedSetting)
	if errors.Is(err, flows.ErrNotFound) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(content), &p)
	}
	return p, failed("read what was deleted", err)
}

// sayPruned keeps what was deleted, for people.
func (s *Store) sayPruned(ctx context.Context, why string, p Pruned, full bool) error {
	last, err := s.PrunedLast(ctx)
	if err != nil {
		return err
	}
	if why != "space" {
		full = last.Full
	}
	if p.Runs == 0 && last.Full == full {
		return nil
	}
	if p.Runs > 0 {
		last.At, last.Why, last.Runs, last.Bytes, last.All = s.now(), why, p.Runs, p.Bytes, last.All+int64(p.Runs)
	}
	last.Full = full
	content, err := json.Marshal(last)
	if err == nil {
		err = s.SetSetting(ctx, prunedSetting, string(content))
	}
	return err
}
