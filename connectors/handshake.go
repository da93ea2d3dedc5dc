package connectors

import (
	"fmt"
	"strings"
)

// HandshakeError means that a server broke off when the TLS handshake was done, as
// it does when it does not take the client certificate (RFC 8446, section 4.6.2).
type HandshakeError struct {
	Host string
	Err  error
}

func (e *HandshakeError) Error() string {
	return fmt.Sprintf("no safe connection to %s: it broke off right after the TLS handshake, as servers do that ask for a client certificate or do not take the one they get; look at “Network and limits” of the connection", e.Host)
}

// Unwrap returns what the transport said.
func (e *HandshakeError) Unwrap() error { return e.Err }

// CardCode is the code of the card error that this becomes.
func (e *HandshakeError) CardCode() string { return "tls" }

// CardMessage is what the flow's author reads.
func (e *HandshakeError) CardMessage() string { return e.Error() }

// brokenOff names errors that the transport gives no type to.
func brokenOff(host string, err error) error {
	for _, said := range []string{"http2: client conn could not be established", "tls: certificate required", "tls: unknown certificate authority", "tls: bad certificate", "tls: unknown certificate"} {
		if text := err.Error(); strings.HasSuffix(text, said) && (strings.HasPrefix(said, "http2") || strings.Contains(text, "remote error")) {
			return &HandshakeError{Host: host, Err: err}
		}
	}
	return err
}
