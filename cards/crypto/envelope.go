package crypto

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// How encrypted text begins, once its Base64 is undone. What such a first byte means
// never changes: another layout gets another number.
const (
	byKey        = 1 // 1, nonce, ciphertext and tag
	byPassphrase = 2 // 2, salt, nonce, ciphertext and tag

	saltBytes  = 16
	nonceBytes = 12
	tagBytes   = 16
)

// layoutDoc says it for whoever reads or writes such text elsewhere.
const layoutDoc = "- The layout, in Base64: one byte `1`, a nonce of 12 bytes, then the ciphertext with its tag of 16 bytes (AES-256-GCM, NIST SP 800-38D). With a passphrase: one byte `2`, a salt of 16 bytes, then the same; " +
	"the key is PBKDF2-HMAC-SHA-256 (RFC 8018) of the passphrase in UTF-8, with that salt and 600,000 iterations.\n" +
	"- Additional data is not put into the text, and is not hidden: it must be the same again to decrypt. Name there what the text belongs to, such as a customer's number, so that nobody can put it elsewhere.\n"

// envelope is encrypted text, taken apart.
type envelope struct{ salt, nonce, sealed []byte }

// open takes encrypted text apart. The errors never show it.
func open(text string, passphrase bool) (envelope, error) {
	data, err := unpack(strings.Join(strings.Fields(text), ""))
	if err != nil || len(data) == 0 {
		return envelope{}, notEncrypted("is not Base64")
	}
	kind, rest, e := data[0], data[1:], envelope{}
	switch {
	case kind != byKey && kind != byPassphrase:
		return envelope{}, notEncrypted("does not begin as the text that Encrypt puts out")
	case kind == byKey && passphrase:
		return envelope{}, wrongKind("was encrypted with a key, not with a passphrase: choose that")
	case kind == byPassphrase && !passphrase:
		return envelope{}, wrongKind("was encrypted with a passphrase, not with a key: choose that")
	}
	if passphrase && len(rest) >= saltBytes {
		e.salt, rest = rest[:saltBytes], rest[saltBytes:]
	}
	if passphrase && e.salt == nil || len(rest) < nonceBytes+tagBytes {
		return envelope{}, notEncrypted("is too short; its end is missing")
	}
	e.nonce, e.sealed = rest[:nonceBytes], rest[nonceBytes:]
	return e, nil
}

// text puts encrypted text together.
func (e envelope) text() string {
	kind := byte(byKey)
	if e.salt != nil {
		kind = byPassphrase
	}
	data := make([]byte, 0, 1+len(e.salt)+len(e.nonce)+len(e.sealed))
	data = append(append(append(append(data, kind), e.salt...), e.nonce...), e.sealed...)
	return base64.StdEncoding.EncodeToString(data)
}

// gcm is AES-256-GCM with a key of 32 bytes.
func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func notEncrypted(message string) error {
	return &cards.Error{Code: cards.CodeNotEncrypted, Message: "encrypted: " + message}
}

func wrongKind(message string) error {
	return schema.Problems{{Field: "key_kind", Message: "does not fit: the text " + message}}
}
