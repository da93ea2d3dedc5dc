package connectors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// with stores a connection that has network settings.
func (b *bench) with(network schema.Values, kind string, settings schema.Values, hosts ...string) string {
	b.t.Helper()
	c := Connection{ID: kind + "-net", Name: "Acme", Type: kind, Hosts: hosts, State: Untested, Revision: 1, Network: network}
	if err := b.vault.Seal(&c, Secrets{Settings: settings, Network: network}); err != nil {
		b.t.Fatal(err)
	}
	b.storage.rows[c.ID] = c
	return c.ID
}

// atOnce makes n requests at the same time and returns their errors.
func (b *bench) atOnce(n int, id, at string) (errs []error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			_, _, err := b.get(id, at)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
		})
	}
	all.Wait()
	return errs
}

func TestAServerSeesNoMoreThanTheRate(t *testing.T) {
	b := newBench(t)
	b.clients.now = time.Now
	var mu sync.Mutex
	var arrived []time.Time
	s := watch(t, func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		arrived = append(arrived, time.Now())
		mu.Unlock()
	})
	id := b.with(schema.Values{"rate": int64(50)}, "none", nil)
	start := time.Now()
	for _, err := range b.atOnce(11, id, s.URL) {
		if err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(start); took < 195*time.Millisecond || len(arrived) != 11 {
		t.Errorf("%d requests within %v, want 11 in at least 200 ms", len(arrived), took)
	}
	if r, ok := b.clients.Remaining(id); !ok || r.InFlight != 0 || r.Waiting != 0 || r.Rate != 50 {
		t.Errorf("remaining %+v, %v", r, ok)
	}
}

func TestAServerNeverHasMoreThanAllowedAtATime(t *testing.T) {
	b := newBench(t)
	var now, most atomic.Int32
	s := watch(t, func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		fmt.Fprint(w, "ok")
	})
	id := b.with(schema.Values{"concurrency": int64(3)}, "none", nil)
	for _, err := range b.atOnce(40, id, s.URL) {
		if err != nil {
			t.Error(err)
		}
	}
	if most.Load() > 3 {
		t.Errorf("%d at a time, want 3 at most", most.Load())
	}
}

func TestAfterA429RequestsWaitAndTheTraceSaysSo(t *testing.T) {
	b := newBench(t)
	clock := newFakeClock()
	b.clients.now, b.clients.after = clock.time, clock.after
	var busy atomic.Bool
	busy.Store(true)
	s := watch(t, func(w http.ResponseWriter, r *http.Request) {
		if busy.Load() {
			w.Header()["Date"] = nil
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	id := b.with(schema.Values{}, "none", nil)
	if res, _, err := b.get(id, s.URL); err != nil || res.StatusCode != 429 {
		t.Fatalf("got %v, want the 429 itself", err)
	}
	busy.Store(false)
	tr := &trace.Trace{}
	done := make(chan error)
	go func() { _, _, err := b.getIn(trace.With(context.Background(), tr), id, s.URL); done <- err }()
	for r, _ := b.clients.Remaining(id); r.Waiting == 0; r, _ = b.clients.Remaining(id) {
	}
	if len(s.requests) != 1 {
		t.Error("the second request did not wait")
	}
	clock.pass(2 * time.Second)
	if err := <-done; err != nil || len(tr.Log) != 1 || tr.Log[0].Text != "waited 2 s for the connection's limit" {
		t.Errorf("got %v and the log %v", err, tr.Log)
	}
	b.clients.Forget(id)
	if r, ok := b.clients.Remaining(id); !ok || r.Held.After(clock.time()) {
		t.Errorf("a new session knows %+v, %v", r, ok)
	}
}

func TestRedirectsAndReplaysCountTokenRequestsDoNot(t *testing.T) {
	b := newBench(t)
	clock := newFakeClock()
	b.clients.now, b.clients.after = clock.time, clock.after
	s := watch(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/token":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"access_token":"a-12345678","token_type":"Bearer","expires_in":3600}`)
		case r.URL.Path == "/":
			http.Redirect(w, r, "/end", http.StatusFound)
		}
	})
	id := b.with(schema.Values{"rate": int64(1), "queue": int64(0)}, "client_credentials",
		schema.Values{"token_url": s.URL + "/token", "client_id": "id", "client_secret": "secret-12"}, s.host())
	_, _, err := b.get(id, s.URL+"/")
	var limit *LimitError
	if !errors.As(err, &limit) || len(s.requests) != 2 {
		t.Errorf("got %v after %d requests, want the redirect to be over the limit after a token and a request", err, len(s.requests))
	}
}

func TestWhatAnotherHostSaysAboutLimitsIsItsOwn(t *testing.T) {
	b := newBench(t)
	b.clients.now = time.Now
	other := watch(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	s := watch(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	id := b.with(schema.Values{"rate": int64(1000)}, "basic", schema.Values{"username": "u", "password": "p-12345678"}, s.host())
	if _, _, err := b.get(id, s.URL); err != nil {
		t.Fatal(err)
	}
	if r, _ := b.clients.Remaining(id); !r.Held.IsZero() {
		t.Errorf("held until %v because %s", r.Held, r.Why)
	}
}

func TestAConnectionNamesItsOwnTimeout(t *testing.T) {
	b := newBench(t)
	id := b.with(schema.Values{"timeout": "1m30s"}, "none", nil)
	if d, err := b.clients.Timeout(t.Context(), id); err != nil || d != 90*time.Second {
		t.Errorf("got %v, %v, want 90 s", d, err)
	}
	if d, err := b.clients.Timeout(t.Context(), ""); err != nil || d != 0 {
		t.Errorf("without a connection %v, %v, want none", d, err)
	}
	if _, err := b.clients.Timeout(t.Context(), "gone"); err == nil || !strings.Contains(err.Error(), "deleted") {
		t.Errorf("of a connection that is gone: %v", err)
	}
}
