package connectors

import "time"

// Lifecycle is how the renewals of a connection go. A type that gets no tokens has none.
type Lifecycle struct {
	Due time.Time `json:"-"` // when it is renewed even if nobody uses it; zero: never

	Holder string    `json:"holder,omitempty"` // the process that renews right now; one that stopped leaves it here
	Until  time.Time `json:"until,omitzero"`   // when that process gives up at the latest

	Asked time.Time `json:"asked,omitzero"` // when a token endpoint was asked that has not answered; zero when all is known
	With  string    `json:"with,omitempty"` // mark of the token that it was asked with

	Failures int       `json:"failures,omitempty"` // renewals that failed, in a row
	Since    time.Time `json:"since,omitzero"`     // the first of them
	Said     string    `json:"said,omitempty"`     // what the last one said, masked
	Refused  bool      `json:"refused,omitempty"`  // the last one was a refusal: the service said no

	Rejected      int       `json:"rejected,omitempty"`      // calls in a row that the service turned down although the credential was fresh
	RejectedSince time.Time `json:"rejected_since,omitzero"` // the first of them
	RejectedWith  int       `json:"rejected_with,omitempty"` // status of the last of them
	Fixed         bool      `json:"fixed,omitempty"`         // Expires is the end of a refresh token that renewing does not move
	AccountWas    string    `json:"account_was,omitempty"`   // who was signed in before somebody else was
	AccountSince  time.Time `json:"account_since,omitzero"`  // when that changed
}

// leaseLife is how long a renewal may take, from claiming it to committing it. It is
// longer than the token endpoint is given to answer.
const leaseLife = 35 * time.Second

// askTimeout bounds the question itself, so that its answer comes while the lease lasts.
const askTimeout = 25 * time.Second

// clocksDiffer is how far apart the clocks of two nodes may be.
const clocksDiffer = 2 * time.Minute

// release ends the lease of holder; another's stays.
func (l *Lifecycle) release(holder string) {
	if l.Holder == holder {
		l.Holder, l.Until = "", time.Time{}
	}
}

// renewed forgets what went wrong before.
func (l *Lifecycle) renewed() {
	l.Failures, l.Since, l.Said, l.Refused = 0, time.Time{}, "", false
	l.Asked, l.With = time.Time{}, ""
}

// fail counts one more failure in a row.
func (l *Lifecycle) fail(now time.Time, words string, refused bool) {
	if l.Failures == 0 {
		l.Since = now
	}
	l.Failures++
	l.Said, l.Refused = words, refused
}

// changedHands notes that somebody else signed in than before.
func (l *Lifecycle) changedHands(before, after string, now time.Time) {
	switch {
	case before == after || after == "":
	case before == "":
		l.AccountWas, l.AccountSince = "", time.Time{}
	default:
		l.AccountWas, l.AccountSince = before, now
	}
}
