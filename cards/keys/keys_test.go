package keys

import (
	"strings"
	"testing"
)

// A key of a set that nobody here can read is passed over (RFC 7517 section 5): services
// publish keys for other algorithms beside the one that is needed.
func TestSetsWithKeysOfOtherKinds(t *testing.T) {
	const (
		ed      = `{"kty":"OKP","crv":"Ed25519","kid":"a","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}`
		x25519  = `{"kty":"OKP","crv":"X25519","use":"enc","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}`
		unknown = `{"kty":"AKP","alg":"ML-DSA-44","pub":"unH59k4RuutY-pxvu24U5h8YZD2rSVtHU5qRZsoBmBMcRPgmu9VuNOVdteXi1zNIXjnqJg_GAAxepLq"}`
		secp    = `{"kty":"EC","crv":"secp256k1","x":"yDlRnFGXs7KhT4BqMH7SSIKbu6uNvw0rPzF9nT3lHCM","y":"Ef_DzTeyI9r8ijzRmuKJZHHzFQ0jnVwiwXyyYGSQzQo"}`
	)
	for _, set := range [][]string{{ed}, {x25519, ed}, {unknown, ed}, {ed, secp}, {secp, unknown, ed, x25519}} {
		list, isSet, err := Publics(`{"keys":[` + strings.Join(set, ",") + `]}`)
		if err != nil || !isSet || len(list) != 1 || list[0].ID != "a" {
			t.Errorf("of %d keys got %v, %v, %v, want the one that can be read", len(set), list, isSet, err)
		}
	}
	for _, text := range []string{`{"keys":[` + secp + `]}`, `{"keys":[]}`, `{"keys":{}}`, `{}`} {
		if list, _, err := Publics(text); err == nil {
			t.Errorf("%.30s = %v, want an error", text, list)
		}
	}
}
