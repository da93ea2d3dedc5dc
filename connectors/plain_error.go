package connectors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
)

// plainError is the innermost thing that went wrong, in words a person can use.
func plainError(err error) string {
	var signIn *SignInError
	if errors.As(err, &signIn) && signIn.Connection != "" {
		nameless := *signIn
		nameless.Connection = "" // whoever reads it looks at the connection
		return nameless.Error()
	}
	var coded interface{ CardMessage() string }
	if errors.As(err, &coded) {
		return coded.CardMessage()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Sprintf("no answer within %d s", int(testTimeout.Seconds()))
	}
	if words := networkWords(err); words != "" {
		return words
	}
	var inner interface{ Unwrap() error }
	if errors.As(err, &inner) {
		if u := inner.Unwrap(); u != nil {
			return u.Error()
		}
	}
	return err.Error()
}

// networkWords says why a server was not reached; "" when something else went wrong.
func networkWords(err error) string {
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var verify *tls.CertificateVerificationError
	switch {
	case errors.As(err, &dns):
		return "no address was found for " + dns.Name
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused" + dialed(err)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to the server" + dialed(err)
	case errors.Is(err, http.ErrSchemeMismatch):
		return "it answers plain HTTP: begin the address with http://"
	case errors.As(err, &record):
		return "it does not speak TLS there: check the port, or begin the address with http://"
	case errors.As(err, &verify):
		return "its certificate is not accepted: " + certificateWords(verify)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the server broke off before its answer was complete"
	}
	return ""
}

// dialed names the address that a connection was tried to.
func dialed(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Addr != nil {
		return ": is a server running at " + op.Addr.String() + "?"
	}
	return ""
}

// certificateWords is what is wrong with a certificate.
func certificateWords(err *tls.CertificateVerificationError) string {
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	switch {
	case errors.As(err, &authority):
		return "nobody known has signed it. If that is meant, give the authority under Network and limits"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "it is valid from " + invalid.Cert.NotBefore.UTC().Format("2 January 2006") + " to " + invalid.Cert.NotAfter.UTC().Format("2 January 2006")
	case errors.As(err, &name):
		return "it is not made out to " + name.Host
	}
	return err.Err.Error()
}
