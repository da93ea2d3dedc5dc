package store

import (
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
