package crypto

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"flowdeck/cards/schema"
)

const (
	cipherKeyBytes = 32
	// passphraseRounds makes guessing a passphrase dear: what OWASP asks of PBKDF2 with SHA-256.
	passphraseRounds = 600_000
)

// cipherKeyInput is what text is encrypted with.
type cipherKeyInput struct {
	KeyKind string `json:"key_kind" label:"Encrypted with" default:"key" options:"key=A key of 32 bytes|passphrase=A passphrase" form:"fixed" help:"A key is fast. A passphrase is made into a key on purpose slowly, which takes about a fifth of a second each time."`
	Key     string `json:"key" label:"Key or passphrase" form:"required,secret" help:"A key is 32 bytes by chance, written in 64 hexadecimal digits or in Base64: Random Bytes makes one."`
}

// passphrase reports whether the key is to be made of a passphrase.
func (in cipherKeyInput) passphrase() bool { return in.KeyKind == "passphrase" }

// bytes returns the key for AES. The salt is for passphrases only.
func (in cipherKeyInput) bytes(salt []byte) ([]byte, error) {
	key, err := in.plain()
	if in.passphrase() {
		key, err = pbkdf2.Key(sha256.New, in.Key, salt, passphraseRounds, cipherKeyBytes)
	}
	if err != nil {
		return nil, schema.Problems{{Field: "key", Message: err.Error()}}
	}
	return key, nil
}

// plain reads a key that is one already.
func (in cipherKeyInput) plain() ([]byte, error) {
	text := strings.TrimSpace(in.Key)
	if key, err := hex.DecodeString(text); err == nil && len(key) == cipherKeyBytes {
		return key, nil
	}
	if key, err := unpack(text); err == nil && len(key) == cipherKeyBytes {
		return key, nil
	}
	return nil, errors.New("must be 32 bytes, written in 64 hexadecimal digits or in Base64; for words that people remember, choose that it is encrypted with a passphrase")
}
