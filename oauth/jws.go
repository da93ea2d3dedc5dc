package oauth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// longest is how long a token or an assertion may be, in bytes.
const longest = 16 << 10

// refusedHeaders would let a token name the key that it is checked with, or change
// what is signed.
var refusedHeaders = []string{"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip"}

// signed is a JWT whose signature was not looked at yet.
type signed struct {
	text   string
	alg    string
	kid    string
	typ    string // lower case, without application/
	claims claims
}

// read takes a JWT apart. The error says what is wrong with it, in words for whoever made it.
func read(text string) (*signed, error) {
	if len(text) > longest {
		return nil, errors.New("is too long")
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, errors.New("is not a signed JWT: it has not three parts")
	}
	var header map[string]json.RawMessage
	if err := part(parts[0], &header); err != nil {
		return nil, errors.New("has a header that cannot be read")
	}
	s := &signed{text: text}
	for name, into := range map[string]*string{"alg": &s.alg, "kid": &s.kid, "typ": &s.typ} {
		if raw, ok := header[name]; ok && json.Unmarshal(raw, into) != nil {
			return nil, errors.New("has a " + name + " in its header that is not text")
		}
	}
	for _, name := range refusedHeaders {
		if _, ok := header[name]; ok {
			return nil, fmt.Errorf("has %s in its header, which is not taken", name)
		}
	}
	if !slices.Contains(algorithms, jose.SignatureAlgorithm(s.alg)) {
		return nil, fmt.Errorf("is signed with %s, which is not taken", quote(s.alg))
	}
	s.typ = strings.TrimPrefix(strings.ToLower(s.typ), "application/")
	if err := part(parts[1], (*map[string]any)(&s.claims)); err != nil || s.claims == nil {
		return nil, errors.New("has a body that is not a JSON object")
	}
	return s, nil
}

// part decodes one part of a JWT. A name in other letters is another name.
func part(text string, into any) error {
	plain, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(plain))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}

// candidates are the keys that may have signed: the one that is named, else every one
// that fits the algorithm.
func (s *signed) candidates(keys []publicKey) []publicKey {
	var fit []publicKey
	for _, k := range keys {
		if k.checks(s.alg) && (s.kid == "" || k.id == "" || s.kid == k.id) {
			fit = append(fit, k)
		}
	}
	return fit
}

// verify returns the key that signed; false when none of them did.
func (s *signed) verify(keys []publicKey) (publicKey, bool) {
	keys = s.candidates(keys)
	if len(keys) == 0 {
		return publicKey{}, false
	}
	parsed, err := jose.ParseSigned(s.text, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(s.alg)})
	if err != nil {
		return publicKey{}, false
	}
	for _, k := range keys {
		if _, err := parsed.Verify(k.key); err == nil {
			return k, true
		}
	}
	return publicKey{}, false
}

// quote is foreign text in our words: short and printable.
func quote(s string) string {
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return '?'
		}
		return r
	}, s)
	return "'" + plain + "'"
}
