package connectors

import "time"

// Token is what a token endpoint gave. All of it is secret but Scopes, Account and the times.
type Token struct {
	Access  string    `json:"access,omitempty"`
	Type    string    `json:"type,omitempty"` // as it goes before the token: "Bearer"
	Refresh string    `json:"refresh,omitempty"`
	Scopes  string    `json:"scopes,omitempty"`  // granted; "" when the service did not say
	Account string    `json:"account,omitempty"` // who signed in, when an id_token said so
	Issued  time.Time `json:"issued,omitzero"`
	Expires time.Time `json:"expires,omitzero"` // zero when the service did not say

	RefreshEnds time.Time `json:"refresh_ends,omitzero"` // of the refresh token; zero when the service did not say
	Fixed       bool      `json:"fixed,omitempty"`       // a renewal did not move RefreshEnds

	life        time.Duration // as the service said it; 0 when it did not
	refreshLife time.Duration // of the refresh token; 0 when the service did not say
}

// at stamps a token that was just given.
func (t Token) at(now time.Time) Token {
	t.Issued = now
	if t.life > 0 {
		t.Expires = now.Add(t.life)
	}
	if t.refreshLife > 0 {
		t.RefreshEnds = now.Add(t.refreshLife)
	}
	return t
}

// refreshEarly is how much life a token must have left to be used.
const refreshEarly = 60 * time.Second

// Fresh reports whether the token may be used at now without a renewal.
func (t Token) Fresh(now time.Time) bool {
	if t.Access == "" || t.Expires.IsZero() {
		return t.Access != ""
	}
	early := refreshEarly
	// A token that lives for less than two minutes would never be fresh.
	if life := t.Expires.Sub(t.Issued); life > 0 && life < 2*refreshEarly {
		early = life / 4
	}
	return t.Expires.Sub(now) > early
}

// after fills t in with what a renewal may leave out and old still says.
func (t Token) after(old Token) Token {
	if t.Refresh == "" || t.Refresh == old.Refresh {
		t.Refresh = old.Refresh
		if t.refreshLife == 0 {
			t.RefreshEnds = old.RefreshEnds
		}
	}
	if t.Scopes == "" {
		t.Scopes = old.Scopes
	}
	if t.Account == "" {
		t.Account = old.Account
	}
	return t
}

// renewalOf notes whether renewing old moved the end of the refresh token. Renewals
// that follow each other at once say nothing about that.
func (t Token) renewalOf(old Token) Token {
	if t.RefreshEnds.IsZero() || old.RefreshEnds.IsZero() {
		return t
	}
	apart := t.Issued.Sub(old.Issued)
	if t.Fixed = old.Fixed; apart > 10*time.Second {
		t.Fixed = t.RefreshEnds.Sub(old.RefreshEnds) < apart/2
	}
	return t
}

// Ends is when a person has to sign in again: zero when the token renews itself or never ends.
func (t Token) Ends() time.Time {
	switch {
	case t.Refresh == "":
		return t.Expires
	case t.Fixed:
		return t.RefreshEnds
	}
	return time.Time{}
}

func (t Token) same(other Token) bool { return t.Access == other.Access && t.Refresh == other.Refresh }

// refreshLife is how long a refresh token lasts, under the names that services give it;
// 0 when they do not say.
func refreshLife(f map[string]any) time.Duration {
	for _, name := range []string{"refresh_token_expires_in", "refresh_expires_in", "x_refresh_token_expires_in"} {
		if life, ok := seconds(f[name]); ok {
			return life
		}
	}
	return 0
}
