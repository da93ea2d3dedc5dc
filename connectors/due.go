package connectors

import (
	"math/rand/v2"
	"time"
)

const (
	idleDaily  = 24 * time.Hour     // a refresh token is used at least so often, once its access token has ended
	idleWeekly = 7 * 24 * time.Hour // and so often in any case
)

// due is when a token is renewed although nobody uses it, so that its refresh token
// does not end unused; zero when there is none. Renewals of tokens that were given
// together are spread.
func (t Token) due() time.Time {
	if t.Refresh == "" {
		return time.Time{}
	}
	wait := idleDaily
	if life := t.Expires.Sub(t.Issued); !t.Expires.IsZero() {
		wait = min(max(wait, life), idleWeekly)
	}
	if life := t.RefreshEnds.Sub(t.Issued); !t.RefreshEnds.IsZero() {
		wait = min(wait, life/2)
	}
	return t.Issued.Add(wait - rand.N(max(wait/10, 1)))
}
