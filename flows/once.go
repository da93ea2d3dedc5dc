package flows

import (
	"errors"
	"time"
)

// Kinds of things that begin a run once. Their words are stored.
const (
	OnceSchedule = "schedule" // a time of a schedule
	OnceDelivery = "delivery" // a delivery of a webhook
	OnceKey      = "key"      // a caller's Idempotency-Key
	OnceRequest  = "request"  // an Idempotency-Key of the management API
)

// Once names what a run is begun for, of its flow. It is committed with the run, so
// that a crash loses neither or both; when it has begun a run already, Journal.Create
// gives ErrTaken and nothing is written.
type Once struct {
	Kind string
	Name string
	// Request is a digest of what was asked for; "" when that does not matter.
	Request string
	Expires time.Time // when it may begin another run
	// Alone has the run begin only while no other run of its flow's schedule is under way;
	// else Journal.Create gives ErrOverlap and nothing is written.
	Alone bool
}

// ErrOverlap is that the run before is still under way.
var ErrOverlap = errors.New("the run before is still under way")
