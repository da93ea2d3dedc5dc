package oauth

import "net/http"

// Codes of errors: RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 8707 section 2.
const (
	InvalidRequest       = "invalid_request"
	InvalidClient        = "invalid_client"
	InvalidScope         = "invalid_scope"
	InvalidTarget        = "invalid_target"
	UnauthorizedClient   = "unauthorized_client"
	UnsupportedGrant     = "unsupported_grant_type"
	UnsupportedTokenType = "unsupported_token_type"
	InvalidToken         = "invalid_token"
	InsufficientScope    = "insufficient_scope"
)

// Error is a refusal as the protocol writes it.
type Error struct {
	Code        string `json:"error"`
	Description string `json:"error_description,omitempty"`
	Basic       bool   `json:"-"` // the client tried HTTP Basic: the answer challenges it to
}

func (e *Error) Error() string { return e.Code + ": " + e.Description }

// Status is the HTTP status that goes with the code.
func (e *Error) Status() int {
	switch e.Code {
	case InvalidClient, InvalidToken:
		return http.StatusUnauthorized
	case InsufficientScope:
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

func refuse(code, description string) *Error { return &Error{Code: code, Description: description} }
