// Package connectors proves who we are to the services that flows call.
//
// It knows the ways to sign in (one file each), seals what they need, hands out
// HTTP clients that sign every request, renews tokens, and guards where a
// request may go. It is the only package that sees a secret in the clear. It
// knows no flow, no page and no SQL.
package connectors

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// State says whether a connection can sign in.
type State string

// The states of a connection. Their names are stored.
const (
	Untested    State = "untested"      // complete, never used or tested
	Ready       State = "ready"         // signed in, or tested with success
	NeedsSignIn State = "needs_sign_in" // a person has to sign in; StateDetail says why
	SigningIn   State = "signing_in"    // a sign-in was begun and has not come back
	Failing     State = "failing"       // the last try failed; StateDetail has the service's words
)

// ErrNoConnection means that no connection has the id. Storage wraps it beside its own not-found error.
var ErrNoConnection = errors.New("no such connection")

// Connection is a named, stored, sealed way to sign in that steps refer to by ID.
type Connection struct {
	ID          string
	Name        string // unique
	Description string
	Type        string        // AuthType.Name
	Hosts       []string      // where the credential may go: "api.acme.io", "*.acme.io", "10.0.0.5:8443"
	TestURL     string        // what Test calls; may be empty
	Settings    schema.Values // for people to read: the type's form without its secrets
	Network     schema.Values // for people to read: Network without its secrets
	Sealed      []byte        // Secrets, encrypted with the data key
	Key         []byte        // the data key, wrapped by the master key
	State       State
	StateDetail string    // why, in words: "Refresh token revoked"
	Expires     time.Time // when it stops working unless a person signs in again; zero when it renews itself or nobody knows
	LastUsed    time.Time // to the minute; zero when never
	LastTested  time.Time // zero when never
	TestResult  string    // of the last test: "200 in 182 ms"
	Life        Lifecycle // how its renewals go
	SecretEnds  time.Time // when its client secret or key ends, as a person noted it; zero when nobody did
	Revision    int64     // every change raises it, a renewed token too
	Created     time.Time
	Updated     time.Time // when a person last changed it
	UpdatedBy   string    // that person's name
	Uses        int       // how many flows refer to it; filled in by the store
}

// Storage keeps connections and the sign-ins under way.
type Storage interface {
	// Connection returns one connection, or an error that is ErrNoConnection.
	Connection(ctx context.Context, id string) (Connection, error)
	// UpdateConnection reads the row, lets change alter it and writes it, in one
	// transaction that raises Revision. An error of change undoes all and is returned as it is.
	UpdateConnection(ctx context.Context, id string, change func(*Connection) error) error
	// DueConnections returns the ids of at most limit connections whose Life.Due is not after now, the longest due first.
	DueConnections(ctx context.Context, now time.Time, limit int) ([]string, error)
	// TouchConnection sets LastUsed alone; Revision stays.
	TouchConnection(ctx context.Context, id string, used time.Time) error

	// CreateAttempt stores a sign-in that begins.
	CreateAttempt(ctx context.Context, a Attempt) error
	// Attempt returns one sign-in, or an error that is ErrNoAttempt.
	Attempt(ctx context.Context, id string) (Attempt, error)
	// AttemptByState returns the sign-in whose StateHash is hash, or an error that is ErrNoAttempt.
	AttemptByState(ctx context.Context, hash string) (Attempt, error)
	// UpdateAttempt is to attempts what UpdateConnection is to connections.
	UpdateAttempt(ctx context.Context, id string, change func(*Attempt) error) error
}

// CheckNames says what is wrong with what a connection is called.
func CheckNames(name, description string) (p schema.Problems) {
	switch {
	case name == "":
		p = append(p, schema.Problem{Field: "name", Message: "is required"})
	case utf8.RuneCountInString(name) > 120:
		p = append(p, schema.Problem{Field: "name", Message: "is too long: 120 letters are the most"})
	case utf8.RuneCountInString(description) > 2000:
		p = append(p, schema.Problem{Field: "description", Message: "is too long: 2,000 letters are the most"})
	}
	return p
}
