package oauth

import (
	"context"
	"crypto/elliptic"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
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
		set, _ := r.Keys(context.Background(), "s", x.kid, func(context.Context) (string, error) { return s.URL, nil })
		has := set.Len() > 0 && set.Has(x.kid)
		if has != x.has || asked.Load() != x.asked {
			t.Errorf("%s: has %v after %d requests, want %v after %d", x.what, has, asked.Load(), x.has, x.asked)
		}
	}
}
