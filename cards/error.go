package cards

import (
	"encoding/json"
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
	CodeInvalidToken    = "invalid_token"  // a token that cannot be trusted
	CodeDecryptFailed   = "decrypt_failed" // what was encrypted was changed, or with another key
	CodeLimit           = "limit"
	CodeInterrupted     = "interrupted"
	CodeUnknownOutcome  = "unknown_outcome"
	CodeNoFlow          = "flow_unavailable" // a called flow that is gone, off or not to be called
	CodeCallDepth       = "call_depth"       // flows that call flows, too deep
	CodeCallCancelled   = "call_cancelled"   // somebody cancelled the called run
	CodeResponded       = "already_responded"
	CodeCancelled       = "cancelled"
	CodeBug             = "bug"
)

// Error is a failure that the flow's author can see, store and branch on.
type Error struct {
	Code      string // "http_404", "timeout": stable
	Message   string
	Retryable bool
	After     time.Duration // what the service asked us to wait; 0 when it did not say
	// Details keeps what came back, bounded: of an HTTP call its status_code, headers and body.
	Details schema.Values
	Attempt int // of a step, at which it failed; 0 when that is not known
	Answer  int // status for the caller of an endpoint, who then is told the message; 0: that is not for callers
	Err     error
}

// Error is the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Unwrap returns the cause, which is never stored.
func (e *Error) Unwrap() error { return e.Err }

// Values returns the error as a flow sees it: code, message, retryable, and the
// details there are, with after in seconds.
func (e *Error) Values() schema.Values {
	v := schema.Values{"code": e.Code, "message": e.Message, "retryable": e.Retryable}
	if e.After > 0 {
		v["after"] = int64((e.After + time.Second - 1) / time.Second)
	}
	if e.Details != nil {
		v["details"] = e.Details
	}
	return v
}

// written is an Error in JSON: after is written "30s".
type written struct {
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	Retryable bool            `json:"retryable,omitempty"`
	After     schema.Duration `json:"after,omitzero"`
	Attempt   int             `json:"attempt,omitzero"`
	Answer    int             `json:"answer,omitzero"`
	Details   json.RawMessage `json:"details,omitempty"`
}

// MarshalJSON keeps the digits of numbers in Details.
func (e *Error) MarshalJSON() ([]byte, error) {
	w := written{Code: e.Code, Message: e.Message, Retryable: e.Retryable, After: schema.Duration{Duration: e.After}, Attempt: e.Attempt, Answer: e.Answer}
	if e.Details != nil {
		details, err := schema.EncodeJSON(e.Details)
		if err != nil {
			return nil, err
		}
		w.Details = details
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Error) UnmarshalJSON(data []byte) error {
	var w written
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*e = Error{Code: w.Code, Message: w.Message, Retryable: w.Retryable, After: w.After.Duration, Attempt: w.Attempt, Answer: w.Answer}
	if len(w.Details) == 0 {
		return nil
	}
	details, err := schema.DecodeJSON(w.Details)
	if err != nil {
		return err
	}
	e.Details, _ = details.(schema.Values)
	return nil
}

// Matches reports whether code is what pattern asks for: the code itself, its
// class ("http_4xx", "http_5xx"; "tls" of "tls_expired"), or "any", which matches all but cancelled and bug.
func Matches(pattern, code string) bool {
	switch {
	case pattern == code, pattern == ClassOf(code):
		return true
	case pattern == "any":
		return code != CodeCancelled && code != CodeBug
	case strings.HasPrefix(pattern, "http_") && strings.HasSuffix(pattern, "xx") && len(code) == len(pattern):
		return strings.HasPrefix(code, pattern[:len(pattern)-2])
	}
	return false
}
