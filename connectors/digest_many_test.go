package connectors

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"flowdeck/cards/schema"
)

// onceGate asks for SHA-256 answers, and takes each nonce for one request only, as
// cameras and careful servers do.
type onceGate struct {
	seen
	mu    sync.Mutex
	given int
	good  map[string]bool // nonces that were given and not used
}

func newOnceGate(t *testing.T) *onceGate {
	t.Helper()
	g := &onceGate{good: map[string]bool{}}
	sums := right(plainKey)
	g.seen = watch(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		c := parameters(r.Header.Get("Authorization"))
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.good[c["nonce"]] && sums(nil, r, c) {
			delete(g.good, c["nonce"])
			return
		}
		g.given++
		nonce := fmt.Sprintf("nonce-%d", g.given)
		g.good[nonce] = true
		w.Header().Set("WWW-Authenticate", `Digest realm="all", qop="auth", algorithm=SHA-256, stale=true, nonce="`+nonce+`"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	return g
}

func TestManyRequestsAtOnceAnswerAServerWhoseNoncesAreGoodOnce(t *testing.T) {
	b, g := newBench(t), newOnceGate(t)
	id := b.add("digest", schema.Values{"username": "jo", "password": "sesame"}, Token{}, g.host())
	client, err := b.clients.Client(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 20 {
				res, err := client.Get(fmt.Sprintf("%s/%d/%d", g.URL, worker, i))
				if err != nil {
					t.Error(err)
					return
				}
				if res.Body.Close(); res.StatusCode != 200 {
					t.Errorf("request %d of worker %d got %d: the password is right", i, worker, res.StatusCode)
				}
			}
		})
	}
	all.Wait()
}
