package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"flowdeck/flows"
)

// links makes the addresses by which waiting steps are answered. Their tokens are
// made of the master key, so that they need not be kept and are the same after a
// restart.
type links struct {
	key  []byte
	base string // how people reach the server
}

func newLinks(masterKey []byte) *links {
	return &links{key: sum(masterKey, "links of waiting steps")}
}

// link returns the address of a step of a run, and the hash of its token.
func (l *links) link(runID string, p flows.Path) (url, hash string) {
	token := base64.RawURLEncoding.EncodeToString(sum(l.key, runID+"\n"+string(p)))
	digest := sha256.Sum256([]byte(token))
	return l.base + "/callback/" + token, hex.EncodeToString(digest[:])
}

func sum(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
