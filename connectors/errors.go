package connectors

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// BlockedError means that the egress guard refused an address.
type BlockedError struct {
	Host    string // as the request names it
	Address string // what it resolved to; "" when the host itself is refused
	Reason  string // "a private address"
}

func (e *BlockedError) Error() string {
	at := e.Host
	if e.Address != "" && e.Address != e.Host {
		at += " (" + e.Address + ")"
	}
	open := e.Host
	if open == "" {
		open = e.Address
	}
	return fmt.Sprintf("%s is %s, and Flowdeck only calls public addresses; whoever runs it can open this one with FLOWDECK_EGRESS_ALLOW=%s", at, e.Reason, open)
}

// CardCode is the code of the card error that this becomes.
func (e *BlockedError) CardCode() string { return "blocked" }

// CardMessage is what the flow's author reads.
func (e *BlockedError) CardMessage() string { return e.Error() }

// SignInError means that a connection cannot sign a request in.
type SignInError struct {
	Connection string // its name
	Message    string // why and what to do
	Err        error
	Passing    bool          // it may go by: nobody refused anything
	After      time.Duration // when it is tried again, if it is passing; 0 at once
}

func (e *SignInError) Error() string {
	m := e.Message
	if e.Connection != "" {
		m = "connection “" + e.Connection + "”: " + m
	}
	if e.Err != nil {
		m += ": " + e.Err.Error()
	}
	return m
}

func (e *SignInError) Unwrap() error { return e.Err }

// CardCode is the code of the card error that this becomes.
func (e *SignInError) CardCode() string { return "sign_in" }

// CardMessage is what the flow's author reads.
func (e *SignInError) CardMessage() string { return e.Error() }

// CardRetryable reports whether another try may go through.
func (e *SignInError) CardRetryable() bool { return e.Passing }

// CardAfter is how long to wait before that.
func (e *SignInError) CardAfter() time.Duration { return e.After }

// isRefusal reports whether a service said no, rather than could not be asked or
// could not answer.
func isRefusal(err error) bool {
	var said *TokenError
	if !errors.As(err, &said) || said.Status >= 500 || said.Status == http.StatusTooManyRequests || said.Status == http.StatusRequestTimeout {
		return false
	}
	switch said.Code {
	case "temporarily_unavailable", "server_error", "slow_down":
		return false
	}
	return true
}

// isPassing reports whether what kept a token from being had may be over in a while.
func isPassing(err error) bool {
	var said *TokenError
	var blocked *BlockedError
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &said) {
		return !isRefusal(err)
	}
	return !errors.As(err, &blocked) && !errors.As(err, &certificate) && !errors.Is(err, ErrSealed)
}
