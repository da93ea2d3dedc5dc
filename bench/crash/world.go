package main

import (
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// place is a card of a run: what the world is asked by.
type place struct{ run, path string }

// hit is one request for a place.
type hit struct {
	at  time.Time
	key string // its Idempotency-Key
}

// world is the service that the flows call. It counts who asked for what, takes its
// time to answer, and refuses the first request of every tenth GET.
type world struct {
	*http.Server
	url string

	mu      sync.Mutex
	hits    map[place][]hit
	methods map[place]string
	refused int
}

func startWorld() (*world, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the world: %w", err)
	}
	w := &world{url: "http://" + l.Addr().String(), hits: map[place][]hit{}, methods: map[place]string{}}
	w.Server = &http.Server{Handler: w}
	go func() { _ = w.Serve(l) }()
	return w, nil
}

// ServeHTTP answers /run?at=path, as the flows ask.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	p := place{r.URL.Path[1:], r.URL.Query().Get("at")}
	w.mu.Lock()
	w.hits[p] = append(w.hits[p], hit{time.Now(), r.Header.Get("Idempotency-Key")})
	w.methods[p] = r.Method
	n := len(w.hits[p])
	refuse := r.Method == http.MethodGet && n == 1 && chance(p, 10) == 0
	if refuse {
		w.refused++
	}
	w.mu.Unlock()
	_, _ = io.Copy(io.Discard, r.Body)
	time.Sleep(delay(p))
	if refuse {
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(rw, `{"run":%q,"at":%q,"n":%d}`, p.run, p.path, n)
}

// chance is a number below n that is always the same for a place.
func chance(p place, n uint32) uint32 {
	h := fnv.New32a()
	_, _ = io.WriteString(h, p.run+" "+p.path)
	return h.Sum32() >> 3 % n
}

// delay is how long the world takes: mostly nothing, sometimes long enough to be killed in.
func delay(p place) time.Duration {
	switch n := chance(p, 100); {
	case n < 60:
		return time.Duration(n) * 50 * time.Microsecond
	case n < 92:
		return time.Duration(n) * 300 * time.Microsecond
	default:
		return time.Duration(n) * 2 * time.Millisecond
	}
}

// asked is how often a place was asked for.
func (w *world) asked(p place) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.hits[p])
}
