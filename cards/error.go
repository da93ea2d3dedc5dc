package cards

import (
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// Codes of errors: stable, because flows match them. HTTP statuses are "http_" + status.
const (
	CodeTimeout         = "timeout"
	CodeDNS             = "dns"
	CodeConnect         = "connect"
	CodeTLS             = "tls"
	CodeReset           = "reset"
	CodeTooLarge        = "too_large"
	CodeBlocked         = "blocked" // by the egress guard
	CodeSignIn          = "sign_in" // the connection cannot sign in
	CodeInvalidInput    = "invalid_input"
	CodeInvalidResponse = "invalid_response"
	CodeLimit           = "limit"
	CodeInterrupted     = "interrupted"
	CodeUnknownOutcome  = "unknown_outcome"
	CodeResponded       = "already_responded"
	CodeCancelled       = "cancelled"
	CodeBug             = "bug"
)

// Error is a failure that the flow's author can see, store and branch on.
type Error struct {
	Code      string        `json:"code"` // "http_404", "timeout": stable
	Message   string        `json:"message"`
	Retryable bool          `json:"retryable,omitempty"`
	After     time.Duration `json:"after,omitempty"` // what the service asked us to wait; 0 when it did not say
	// Details keeps what came back, bounded: of an HTTP call its status_code, headers and body.
	Details schema.Values `json:"details,omitempty"`
	Err     error         `json:"-"`
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }
func (e *Error) Unwrap() error { return e.Err }

// Matches reports whether code is what pattern asks for: the code itself, its
// class ("http_4xx", "http_5xx"), or "any", which matches all but cancelled and bug.
func Matches(pattern, code string) bool {
	switch {
	case pattern == code:
		return true
	case pattern == "any":
		return code != CodeCancelled && code != CodeBug
	case strings.HasPrefix(pattern, "http_") && strings.HasSuffix(pattern, "xx") && len(code) == len(pattern):
		return strings.HasPrefix(code, pattern[:len(pattern)-2])
	}
	return false
}
