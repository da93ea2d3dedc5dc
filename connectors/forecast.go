package connectors

import (
	"cmp"
	"fmt"
	"time"
)

// Ahead is how long before its end a connection is said to end.
const Ahead = 14 * 24 * time.Hour

// Forecast says when and why a connection stops signing in unless a person acts.
type Forecast struct {
	Stopped bool      // it does not sign in now
	At      time.Time // when it stops; zero when it has stopped
	Why     string    // in words, the service's own among them
	Secret  bool      // what ends is the client secret or key, not the sign-in
}

// Forecast says whether c stops or has stopped, by what is known at now.
func (c Connection) Forecast(now time.Time) (Forecast, bool) {
	switch {
	case c.State == NeedsSignIn, c.State == Failing:
		return Forecast{Stopped: true, Why: cmp.Or(c.StateDetail, "Nobody has signed in yet")}, true
	case c.State == SigningIn && now.Sub(c.Updated) > AttemptLife:
		return Forecast{Stopped: true, Why: "The sign-in was not finished"}, true
	}
	f := Forecast{At: c.Expires}
	if !c.SecretEnds.IsZero() && (f.At.IsZero() || c.SecretEnds.Before(f.At)) {
		f.At, f.Secret = c.SecretEnds, true
	}
	if f.At.IsZero() {
		return f, false
	}
	switch life := c.Life; {
	case f.Secret:
		f.Why = "Its secret ends then, as somebody noted"
	case life.Failures > 0:
		f.Why = fmt.Sprintf("Its renewal has failed %s, first on %s: %s", times(life.Failures), life.Since.Local().Format("2 January, 15:04"), life.Said)
	case life.Fixed:
		f.Why = "The sign-in ends then, and renewing the token does not prolong it"
	default:
		f.Why = "The service gave no refresh token"
	}
	if !f.At.After(now) && !f.Secret {
		f.Stopped, f.At = true, time.Time{}
	}
	return f, true
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
