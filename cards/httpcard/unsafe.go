package httpcard

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"

	"flowdeck/cards"
)

const day = "2 January 2006"

func isTLS(err error) bool {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &authority) ||
		errors.As(err, &name) || errors.As(err, &invalid) || errors.Is(err, http.ErrSchemeMismatch) || strings.HasPrefix(reason(err), "tls: ")
}

// unsafe says why no safe connection came about, and which code that has.
func unsafe(host string, err error) (code, why string) {
	var record tls.RecordHeaderError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return cards.CodeTLSPlain, "it answers plain HTTP; begin the address with http://"
	case errors.As(err, &record):
		return cards.CodeTLSPlain, "it does not speak TLS there; check the port, or begin the address with http://"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return cards.CodeTLSExpired, lifetime(invalid)
	case errors.As(err, &name):
		return cards.CodeTLSHost, names(name)
	case errors.As(err, &authority):
		return cards.CodeTLSUntrusted, signer(authority.Cert)
	case isVersion(err):
		return cards.CodeTLSVersion, "it offers no version of TLS that is safe enough; versions before 1.2 are not"
	}
	return cards.CodeTLS, reason(err)
}

func lifetime(e x509.CertificateInvalidError) string {
	if strings.Contains(e.Detail, "before") && !strings.Contains(e.Detail, "after") {
		return "its certificate is valid only from " + e.Cert.NotBefore.UTC().Format(day) + " on"
	}
	return "its certificate expired on " + e.Cert.NotAfter.UTC().Format(day)
}

// names says whom a certificate is for. Certificates of large services name hundreds.
func names(e x509.HostnameError) string {
	const most = 3
	all := e.Certificate.DNSNames
	for _, ip := range e.Certificate.IPAddresses {
		all = append(all[:len(all):len(all)], ip.String())
	}
	if len(all) == 0 {
		return "its certificate names no host, so not " + e.Host
	}
	for i := range all {
		all[i] = text(all[i])
	}
	list := strings.Join(all[:min(len(all), most)], ", ")
	if len(all) > most {
		list += " and others"
	}
	return "its certificate is for " + list + ", not for " + e.Host
}

func signer(c *x509.Certificate) string {
	switch {
	case c == nil:
		return "its certificate is signed by nobody who is known here"
	case string(c.RawIssuer) == string(c.RawSubject):
		return "its certificate is self-signed"
	case c.Issuer.CommonName == "":
		return "its certificate is signed by an authority that is not known here"
	}
	return "its certificate is signed by an authority that is not known here: " + text(c.Issuer.CommonName)
}

// isVersion reports whether the two sides found no version or cipher in common.
func isVersion(err error) bool {
	const handshakeFailure, protocolVersion, insufficientSecurity = 40, 70, 71
	var alert tls.AlertError
	if errors.As(err, &alert) {
		return alert == handshakeFailure || alert == protocolVersion || alert == insufficientSecurity
	}
	return strings.Contains(reason(err), "protocol version")
}
