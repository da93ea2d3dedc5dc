package connectors

import (
	"errors"
	"time"
)

// AttemptStatus says how far a sign-in has come.
type AttemptStatus string

// The statuses of a sign-in. Their names are stored.
const (
	AttemptWaiting    AttemptStatus = "waiting"    // for the person to allow it
	AttemptExchanging AttemptStatus = "exchanging" // the service answered, we ask for the token
	AttemptDone       AttemptStatus = "done"
	AttemptFailed     AttemptStatus = "failed" // Code and Detail say what the service answered
	AttemptCancelled  AttemptStatus = "cancelled"
)

// AttemptLife is how long a person has to finish a sign-in.
const AttemptLife = 10 * time.Minute

// ErrNoAttempt means that no sign-in has that id or state.
var ErrNoAttempt = errors.New("no such sign-in")

// Attempt is one try to sign a connection in through a browser.
type Attempt struct {
	ID           string // unguessable: it is the address of the link
	ConnectionID string
	StateHash    string // SHA-256, in hex, of the state parameter
	Sealed       []byte // the state and the PKCE verifier
	Redirect     string // the redirect URL that was registered
	For          string // "<flow id>/<step id>" of the card that waits for it, or ""
	Status       AttemptStatus
	Code         string // "access_denied": the service's error code, or ours
	Detail       string // the service's own words
	By           string // who began it: a user's id
	OpenedBy     string // who opened the link: a user's id; "" when nobody yet
	Created      time.Time
	Expires      time.Time
}

// Expired reports whether the time for the sign-in ran out before it came to an end.
func (a Attempt) Expired(now time.Time) bool {
	return (a.Status == AttemptWaiting || a.Status == AttemptExchanging) && !now.Before(a.Expires)
}
