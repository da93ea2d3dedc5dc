package connectors

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// TokenError is what an authorize or token endpoint said instead of giving a token.
type TokenError struct {
	Host        string        // who said it
	Status      int           // HTTP status; 0 when it came through the browser
	Code        string        // "invalid_grant", the service's or ours; "" when it gave none
	Description string        // the service's own words
	URI         string        // where it explains them
	After       time.Duration // the pause that it asked for; 0 when it did not

	final bool // asking again cannot help
}

func (e *TokenError) Error() string {
	var b strings.Builder
	b.WriteString(e.Host)
	b.WriteString(" answered")
	if e.Code != "" {
		fmt.Fprintf(&b, " “%s”", e.Code)
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " (%d)", e.Status)
	}
	if e.Description != "" {
		b.WriteString(": " + e.Description)
	}
	return b.String()
}

// Final reports whether only a person can help: the grant is gone.
func (e *TokenError) Final() bool { return e.final || grantIsGone(e.Code) }

// grantIsGone reports whether a code says so: that of RFC 6749, and what GitHub, HubSpot
// and Slack say in its place.
func grantIsGone(code string) bool {
	switch strings.ToLower(code) {
	case "invalid_grant", "bad_refresh_token", "invalid_refresh_token", "token_revoked":
		return true
	}
	return false
}

// SettingsAreWrong reports whether the service does not know the client or its
// rights: asking again with the same settings is no use.
func (e *TokenError) SettingsAreWrong() bool {
	switch e.Code {
	case "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_request", "invalid_target":
		return true
	}
	return false
}

// longestTokenPause is how long a token endpoint is believed that asks for a pause: for so
// long nobody would be signed in.
const longestTokenPause = time.Hour

// tokenPause is the pause that a token endpoint asks for.
func tokenPause(res *http.Response, now time.Time) time.Duration {
	if res.StatusCode != http.StatusTooManyRequests && res.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	return min(pauseOf(res.Header, clockOf(res.Header, now)), longestTokenPause)
}
