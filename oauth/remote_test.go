package oauth

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func TestFetchedKeysAreRememberedAndAskedForSparingly(t *testing.T) {
	var asked atomic.Int64
	var serve atomic.Value
	one := keyFor(t, ec(t, elliptic.P256()).Public(), "k1").JWK
	two := keyFor(t, ec(t, elliptic.P256()).Public(), "k2").JWK
	serve.Store(`{"keys":[` + one + `]}`)
	down := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, serve.Load())
	}))
	defer s.Close()
	clock := now
	r := &Remotes{Client: s.Client(), Now: func() time.Time { return clock }}
	for _, x := range []struct {
		what  string
		after time.Duration
		kid   string
		has   bool
		asked int64
		do    func()
	}{
		{"the first time", 0, "k1", true, 1, nil},
		{"again", time.Second, "k1", true, 1, nil},
		{"an unknown key, soon", time.Second, "k2", false, 1, nil},
		{"an unknown key, later", keysPause, "k2", false, 2, nil},
		{"and at once again", 0, "k9", false, 2, nil},
		{"when there is a new key", keysPause, "k2", true, 3, func() { serve.Store(`{"keys":[` + one + `,` + two + `]}`) }},
		{"when they are old", keysFresh, "k1", true, 4, nil},
		{"when their server is down", keysFresh, "k1", true, 5, func() { down = true }},
		{"and soon again", time.Second, "k1", true, 5, nil},
		{"when it is down for long", keysStale, "k1", false, 6, nil},
		{"and soon again for long", time.Second, "k1", false, 6, nil},
		{"when it is back", keysPause, "k2", true, 7, func() { down = false }},
	} {
		clock = clock.Add(x.after)
		if x.do != nil {
			x.do()
		}
		set, _ := r.Keys(context.Background(), "s", func(set KeySet) bool { return set.named(x.kid) }, func(context.Context) (string, error) { return s.URL, nil })
		has := set.named(x.kid)
		if has != x.has || asked.Load() != x.asked {
			t.Errorf("%s: has %v after %d requests, want %v after %d", x.what, has, asked.Load(), x.has, x.asked)
		}
	}
}

func (x KeySet) named(kid string) bool {
	return slices.ContainsFunc(x.keys, func(k publicKey) bool { return k.id == kid })
}

// Issuers that have one key do not always name it, and some name the next one as the last.
func TestAKeyThatIsReplacedUnderTheSameNameIsFetched(t *testing.T) {
	for _, kid := range []string{"", "main"} {
		first, second := ec(t, elliptic.P256()), ec(t, elliptic.P256())
		var serve atomic.Value
		publish := func(key *ecdsa.PrivateKey) {
			text, err := jose.JSONWebKey{Key: key.Public(), KeyID: kid, Use: "sig"}.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			serve.Store(`{"keys":[` + string(text) + `]}`)
		}
		var asked atomic.Int64
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			fmt.Fprint(w, serve.Load())
		}))
		defer s.Close()
		clock := now
		r := &Remotes{Client: s.Client(), Now: func() time.Time { return clock }}
		header := map[string]any{}
		if kid != "" {
			header["kid"] = kid
		}
		works := func(key *ecdsa.PrivateKey) bool {
			token := sign(t, key, "ES256", header, map[string]any{"iss": "x", "exp": clock.Add(time.Hour).Unix()})
			set, err := r.Keys(context.Background(), "s", func(set KeySet) bool { return set.Signed(token) }, func(context.Context) (string, error) { return s.URL, nil })
			if err != nil {
				t.Fatal(err)
			}
			_, no := set.Verify(token, clock)
			return no == nil
		}
		publish(first)
		if !works(first) || works(second) || asked.Load() != 1 {
			t.Errorf("kid %q: the first key is not taken, or the second one is, after %d fetches", kid, asked.Load())
		}
		clock = clock.Add(keysPause)
		publish(second)
		if !works(second) || works(first) || asked.Load() != 2 {
			t.Errorf("kid %q: %s after the key was replaced the new one is not taken, or the old one is, after %d fetches", kid, keysPause, asked.Load())
		}
	}
}
