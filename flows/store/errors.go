package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"flowdeck/flows"
)

// Conflict says who saved a draft first. It is a flows.ErrConflict.
type Conflict struct {
	Revision int64 // the draft's now
	By       string
	At       time.Time
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("%v: %s saved revision %d", flows.ErrConflict, c.By, c.Revision)
}

// Unwrap returns flows.ErrConflict.
func (c *Conflict) Unwrap() error { return flows.ErrConflict }

var errClosed = errors.New("store is closed")

// failed is where the drivers' errors become ours; what says what was being done.
func failed(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		err = flows.ErrNotFound
	case taken(err):
		err = flows.ErrTaken
	default:
		if kind := troubled(err); kind != "" {
			err = &Trouble{Kind: kind, Err: err}
		}
	}
	return fmt.Errorf("%s: %w", what, err)
}
