package oauth

import (
	"encoding/json"
	"errors"

	"github.com/go-jose/go-jose/v4"
)

// mostFetched is how many keys of a set are looked at.
const mostFetched = 50

// KeySet is public keys that were fetched from where their owner publishes them.
type KeySet struct{ keys []publicKey }

// ReadKeySet reads a JWK set. Keys that cannot check signatures are left out.
func ReadKeySet(text []byte) (KeySet, error) {
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &raw); err != nil || raw.Keys == nil {
		return KeySet{}, errors.New("is not a JWK set")
	}
	var set KeySet
	for _, one := range raw.Keys[:min(len(raw.Keys), mostFetched)] {
		var jwk jose.JSONWebKey
		if jwk.UnmarshalJSON(one) != nil || !jwk.IsPublic() {
			continue
		}
		if key, _, err := ready(jwk); err == nil {
			set.keys = append(set.keys, key)
		}
	}
	return set, nil
}

// Signed reports whether a key of the set signed the JWT.
func (x KeySet) Signed(text string) bool {
	s, err := read(text)
	if err != nil {
		return false
	}
	_, ok := s.verify(x.keys)
	return ok
}

// Len is how many usable keys there are.
func (x KeySet) Len() int { return len(x.keys) }
