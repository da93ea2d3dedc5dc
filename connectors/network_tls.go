package connectors

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// CertificateWarning is how long before its end a client certificate is warned of.
const CertificateWarning = 30 * 24 * time.Hour

// CertificateEnds is when c's client certificate stops being valid; zero when it
// has none.
func CertificateEnds(c Connection) time.Time {
	text, _ := c.Network["client_cert"].(string)
	if chain, wrong := certificates(text); wrong == "" && len(chain) > 0 {
		return chain[0].NotAfter
	}
	return time.Time{}
}

// hasTLS reports whether n needs sockets of its own.
func (n Network) hasTLS() bool {
	return n.ClientCert != "" || n.CA != "" || n.MinTLS == "1.3" || n.ServerName != ""
}

// tls is n as a transport takes it; with or without the client certificate. n was checked.
func (n Network) tls(identified bool) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: n.ServerName}
	if n.MinTLS == "1.3" {
		config.MinVersion = tls.VersionTLS13
	}
	if n.CA != "" {
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		list, wrong := certificates(n.CA)
		if wrong != "" {
			return nil, fmt.Errorf("its own certificate authority %s", wrong)
		}
		for _, c := range list {
			roots.AddCert(c)
		}
		config.RootCAs = roots
	}
	if identified && n.ClientCert != "" {
		pair, problems := n.identity()
		if len(problems) > 0 {
			return nil, problems
		}
		// Given whatever authorities the server says it takes: its own refusal says more than silence.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return pair, nil }
	}
	return config, nil
}

// identity is the client certificate with its key.
func (n Network) identity() (*tls.Certificate, schema.Problems) {
	chain, wrong := certificates(n.ClientCert)
	if wrong != "" {
		return nil, schema.Problems{{Field: "client_cert", Message: wrong}}
	}
	key, wrong := privateKey(n.ClientKey)
	if wrong != "" {
		return nil, schema.Problems{{Field: "client_key", Message: wrong}}
	}
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(chain[0].PublicKey) {
		return nil, schema.Problems{{Field: "client_key", Message: "does not belong to the client certificate: paste the key that the certificate was made with, and the client's own certificate first"}}
	}
	pair := &tls.Certificate{PrivateKey: key, Leaf: chain[0]}
	for _, c := range chain {
		pair.Certificate = append(pair.Certificate, c.Raw)
	}
	return pair, nil
}

// check says what is wrong with n.
func (n Network) check(now time.Time) (p schema.Problems) {
	switch {
	case n.ClientCert != "":
		pair, problems := n.identity()
		p = append(p, problems...)
		if pair != nil && now.After(pair.Leaf.NotAfter) {
			p = append(p, schema.Problem{Field: "client_cert", Message: "ended on " + day(pair.Leaf.NotAfter) + ": get a new one from whoever issued it"})
		}
	case n.ClientKey != "":
		p = append(p, schema.Problem{Field: "client_cert", Message: "is missing: a client key needs the certificate it belongs to"})
	}
	if n.CA != "" {
		list, wrong := certificates(n.CA)
		if wrong != "" {
			p = append(p, schema.Problem{Field: "ca", Message: wrong})
		}
		for _, c := range list {
			if now.After(c.NotAfter) {
				p = append(p, schema.Problem{Field: "ca", Message: "holds a certificate that ended on " + day(c.NotAfter)})
				break
			}
		}
	}
	if name := n.ServerName; name != "" && (strings.ContainsAny(name, ":/ *@") || asciiHost(name) == "") {
		p = append(p, schema.Problem{Field: "server_name", Message: "must be a host name alone, such as api.example.com"})
	}
	if n.Timeout.Duration > maxTimeout {
		p = append(p, schema.Problem{Field: "timeout", Message: "must be at most 1h"})
	}
	if n.QueueWait.Duration > maxTimeout {
		p = append(p, schema.Problem{Field: "queue_wait", Message: "must be at most 1h"})
	}
	return p
}

// maxTimeout bounds the times that people choose for a connection.
const maxTimeout = time.Hour

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// certificates reads PEM certificates, the first one first; wrong says what is not right.
func certificates(text string) (list []*x509.Certificate, wrong string) {
	for _, b := range pemBlocks(text) {
		if b.Type != "CERTIFICATE" {
			if strings.Contains(b.Type, "KEY") {
				return nil, "holds a key: paste only certificates here"
			}
			continue
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, "holds a certificate that cannot be read: paste it again, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return nil, "holds no certificate: paste it as PEM text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"
	}
	return list, ""
}

// privateKey reads a PEM key: PKCS #8, PKCS #1 or SEC 1.
func privateKey(text string) (key crypto.Signer, wrong string) {
	if text == "" {
		return nil, "is missing: a client certificate needs its key"
	}
	for _, b := range pemBlocks(text) {
		switch {
		case b.Type == "ENCRYPTED PRIVATE KEY" || b.Headers["Proc-Type"] != "" || b.Headers["DEK-Info"] != "":
			return nil, "has a passphrase: take it off first, with openssl pkey -in key.pem -out plain.pem, for it is stored encrypted anyway"
		case b.Type == "CERTIFICATE" || b.Type == "EC PARAMETERS":
			continue
		}
		if key := signer(b); key != nil {
			return key, ""
		}
		return nil, "is not a key that can be read: RSA, ECDSA and Ed25519 keys as PKCS #8, PKCS #1 or SEC 1 can"
	}
	return nil, "holds no key: paste it as PEM text, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----"
}

func signer(b *pem.Block) crypto.Signer {
	var key any
	var err error
	switch b.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(b.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(b.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(b.Bytes)
	}
	s, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil
	}
	return s
}
