package keys

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// fromPEM reads the first key of PEM text: PKCS #8, PKCS #1, SEC 1, PKIX or a certificate.
func fromPEM(text string) (any, error) {
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, `\n`, "\n") // as it stands in JSON files of services
	}
	why := ErrUnreadable
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, why
		}
		if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			why = ErrLocked
			continue
		}
		for _, read := range readers {
			if key, err := read(block.Bytes); err == nil {
				return key, nil
			}
		}
	}
}

var readers = []func([]byte) (any, error){
	x509.ParsePKCS8PrivateKey,
	func(b []byte) (any, error) { return x509.ParsePKCS1PrivateKey(b) },
	func(b []byte) (any, error) { return x509.ParseECPrivateKey(b) },
	x509.ParsePKIXPublicKey,
	func(b []byte) (any, error) { return x509.ParsePKCS1PublicKey(b) },
	func(b []byte) (any, error) {
		c, err := x509.ParseCertificate(b)
		if err != nil {
			return nil, err
		}
		return c.PublicKey, nil
	},
}
