package connectors

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
)

// authority issues certificates for a test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  crypto.Signer
	pem  string
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := authority{t: t, key: key}
	a.cert = &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	var der []byte
	if der, err = x509.CreateCertificate(rand.Reader, a.cert, a.cert, key.Public(), key); err != nil {
		t.Fatal(err)
	}
	a.cert, _ = x509.ParseCertificate(der)
	a.pem = pemText("CERTIFICATE", der)
	return a
}

// issue makes a certificate for name, and its key as PKCS #8.
func (a authority) issue(name string, ends time.Time, key crypto.Signer) (cert, keyPEM string) {
	a.t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: ends,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}, KeyUsage: x509.KeyUsageDigitalSignature}
	if ip := net.ParseIP(name); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	bytes, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return pemText("CERTIFICATE", der), pemText("PRIVATE KEY", bytes)
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func curveKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestNetworkSettingsAreCheckedAtTheirFields(t *testing.T) {
	a := newAuthority(t)
	soon := time.Now().Add(24 * time.Hour)
	cert, key := a.issue("client", soon, curveKey(t))
	ended, endedKey := a.issue("client", time.Now().Add(-time.Hour), curveKey(t))
	_, otherKey := a.issue("other", soon, curveKey(t))
	locked := "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIBAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
	old := "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMIIBAAAA\n-----END RSA PRIVATE KEY-----\n"
	for _, x := range []struct {
		name          string
		network       schema.Values
		field, saying string
	}{
		{"nothing", schema.Values{}, "", ""},
		{"a pair", schema.Values{"client_cert": cert, "client_key": key, "ca": a.pem}, "", ""},
		{"a rate that is text", schema.Values{"rate": "2.5", "concurrency": "4"}, "", ""},
		{"a rate of nothing", schema.Values{"rate": int64(0)}, "network.rate", "at least 0.001"},
		{"a rate that is a word", schema.Values{"rate": "often"}, "network.rate", "number"},
		{"too many at a time", schema.Values{"concurrency": int64(100000)}, "network.concurrency", "at most 1000"},
		{"a time without a unit", schema.Values{"timeout": "30"}, "network.timeout", "unit"},
		{"a day", schema.Values{"timeout": "24h"}, "network.timeout", "1h"},
		{"a long queue wait", schema.Values{"queue_wait": "2h"}, "network.queue_wait", "1h"},
		{"an old TLS", schema.Values{"min_tls": "1.0"}, "network.min_tls", "one of"},
		{"an address as a name", schema.Values{"server_name": "https://a.example/"}, "network.server_name", "host name alone"},
		{"no key", schema.Values{"client_cert": cert}, "network.client_key", "is missing"},
		{"no certificate", schema.Values{"client_key": key}, "network.client_cert", "is missing"},
		{"another's key", schema.Values{"client_cert": cert, "client_key": otherKey}, "network.client_key", "does not belong"},
		{"a key with a passphrase", schema.Values{"client_cert": cert, "client_key": locked}, "network.client_key", "passphrase"},
		{"an old key with a passphrase", schema.Values{"client_cert": cert, "client_key": old}, "network.client_key", "passphrase"},
		{"an old key on one line", schema.Values{"client_cert": cert, "client_key": strings.ReplaceAll(old, "\n", "")}, "network.client_key", "passphrase"},
		{"key and certificate swapped", schema.Values{"client_cert": key, "client_key": cert}, "network.client_cert", "holds a key"},
		{"words", schema.Values{"client_cert": "hello", "client_key": key}, "network.client_cert", "holds no certificate"},
		{"half a certificate", schema.Values{"ca": cert[:200] + "\n-----END CERTIFICATE-----"}, "network.ca", "certificate"},
		{"one that ended", schema.Values{"client_cert": ended, "client_key": endedKey}, "network.client_cert", "ended on"},
	} {
		b := newBench(t)
		c := Connection{ID: "c", Type: "basic", Hosts: []string{"a.example"}}
		err := b.vault.Change(Basic, &c, schema.Values{"username": "u"}, x.network)
		var p schema.Problems
		switch {
		case x.field == "" && err != nil:
			t.Errorf("%s: got %v, want it taken", x.name, err)
		case x.field != "" && (!errors.As(err, &p) || p[0].Field != x.field || !strings.Contains(p[0].Message, x.saying)):
			t.Errorf("%s: got %v, want a problem of %s saying %q", x.name, err, x.field, x.saying)
		}
	}
}

func TestClientKeysOfEveryKindAreReadAlsoFromOneLine(t *testing.T) {
	a := newAuthority(t)
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	curve := curveKey(t).(*ecdsa.PrivateKey)
	sec1, _ := x509.MarshalECPrivateKey(curve)
	for _, x := range []struct {
		name string
		key  crypto.Signer
		pem  string
	}{
		{"RSA, PKCS #8", small, ""}, {"Ed25519, PKCS #8", edwards, ""}, {"ECDSA, PKCS #8", curve, ""},
		{"RSA, PKCS #1", small, pemText("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(small))},
		{"ECDSA, SEC 1", curve, pemText("EC PRIVATE KEY", sec1)},
	} {
		cert, key := a.issue("client", time.Now().Add(time.Hour), x.key)
		if x.pem != "" {
			key = x.pem
		}
		for how, text := range map[string]string{"as it is": key, "on one line": strings.ReplaceAll(key, "\n", ""), "with \\n": strings.ReplaceAll(key, "\n", `\n`), "with CRLF": strings.ReplaceAll(key, "\n", "\r\n")} {
			if pair, p := (Network{ClientCert: cert, ClientKey: text}).identity(); pair == nil {
				t.Errorf("%s %s: %v", x.name, how, p)
			}
		}
	}
}

func TestTheClientKeyIsSealedKeptAndTakenAway(t *testing.T) {
	a, b := newAuthority(t), newBench(t)
	ends := time.Now().Add(90 * time.Minute).Truncate(time.Second)
	cert, key := a.issue("client", ends, curveKey(t))
	c := Connection{ID: "c", Type: "basic", Hosts: []string{"a.example"}}
	user := schema.Values{"username": "u"}
	change := func(network schema.Values) (Connection, Secrets, Facts) {
		t.Helper()
		if err := b.vault.Change(Basic, &c, user, network); err != nil {
			t.Fatal(err)
		}
		secrets, err := b.vault.Open(c)
		if err != nil {
			t.Fatal(err)
		}
		facts, err := b.vault.Facts(Basic, c)
		if err != nil {
			t.Fatal(err)
		}
		return c, secrets, facts
	}
	row, secrets, facts := change(schema.Values{"client_cert": cert, "client_key": key, "rate": int64(5)})
	if row.Network["client_key"] != nil || row.Network["rate"] != int64(5) || secrets.Network["client_key"] != key || !facts.Saved["network.client_key"] {
		t.Errorf("stored %v, sealed %d fields, saved %v; want the key sealed alone", row.Network, len(secrets.Network), facts.Saved)
	}
	if got := CertificateEnds(row); !got.Equal(ends) {
		t.Errorf("the certificate ends %v, want %v", got, ends)
	}
	if _, secrets, _ = change(schema.Values{"client_cert": cert}); secrets.Network["client_key"] != key || secrets.Network["rate"] != nil {
		t.Errorf("a key left blank was not kept, or a rate taken away was: %v", secrets.Network["rate"])
	}
	if row, secrets, _ = change(nil); secrets.Network["client_key"] != key || row.Network["client_cert"] != cert {
		t.Error("settings that nobody touched were changed")
	}
	if _, secrets, facts = change(schema.Values{}); secrets.Network["client_key"] != nil || facts.Saved["network.client_key"] {
		t.Error("the key outlived its certificate")
	}
	if row.State != Untested {
		t.Errorf("state %s, want %s", row.State, Untested)
	}
}

func TestACertificateAloneIsACredentialWithHosts(t *testing.T) {
	a, b := newAuthority(t), newBench(t)
	cert, key := a.issue("client", time.Now().Add(time.Hour), curveKey(t))
	c := Connection{ID: "c", Type: "none"}
	network := schema.Values{"client_cert": cert, "client_key": key}
	var p schema.Problems
	if err := b.vault.Change(None, &c, nil, network); !errors.As(err, &p) || p[0].Field != "hosts" {
		t.Errorf("got %v, want a problem of hosts", err)
	}
	c.TestURL = "https://a.example/me"
	if err := b.vault.Change(None, &c, nil, network); err != nil || c.Hosts[0] != "a.example" {
		t.Errorf("got %v with hosts %v, want the test URL's", err, c.Hosts)
	}
}
