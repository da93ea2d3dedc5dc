package enginetest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// World is a server that remembers what it was asked.
//
//	/ok/…            answers {"path": …}
//	/fail/503/2/…    refuses twice with 503, then answers; ?after=7 adds a Retry-After
//	/hang/…          answers when Release is called, or never
type World struct {
	*httptest.Server

	mu       sync.Mutex
	asked    map[string]int // by "GET /ok/a"
	keys     map[string][]string
	refused  map[string]int
	arrived  map[string]chan struct{}
	released map[string]chan struct{}
}

// NewWorld starts a World that ends with the test.
func NewWorld(t testing.TB) *World {
	w := &World{asked: map[string]int{}, keys: map[string][]string{}, refused: map[string]int{},
		arrived: map[string]chan struct{}{}, released: map[string]chan struct{}{}}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

// ServeHTTP answers as World says.
func (w *World) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	name := r.Method + " " + r.URL.Path
	w.mu.Lock()
	w.asked[name]++
	w.keys[name] = append(w.keys[name], r.Header.Get("Idempotency-Key"))
	w.mu.Unlock()
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case parts[0] == "fail" && w.refuse(rw, r, name, parts):
		return
	case parts[0] == "hang":
		closeOnce(&w.mu, gate(w, w.arrived, name))
		select {
		case <-gate(w, w.released, name):
		case <-r.Context().Done():
			return
		}
	}
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(map[string]any{"path": r.URL.Path, "n": w.Asked(name)})
}

func (w *World) refuse(rw http.ResponseWriter, r *http.Request, name string, parts []string) bool {
	status, _ := strconv.Atoi(parts[1])
	times, _ := strconv.Atoi(parts[2])
	w.mu.Lock()
	w.refused[name]++
	n := w.refused[name]
	w.mu.Unlock()
	if n > times {
		return false
	}
	if after := r.URL.Query().Get("after"); after != "" {
		rw.Header().Set("Retry-After", after)
	}
	http.Error(rw, fmt.Sprintf(`{"refusal":%d}`, n), status)
	return true
}

// Asked says how often a request like "GET /ok/a" came.
func (w *World) Asked(name string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[name]
}

// Keys returns the Idempotency-Key of each such request.
func (w *World) Keys(name string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.keys[name]...)
}

// Total is how many requests came in all.
func (w *World) Total() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, k := range w.asked {
		n += k
	}
	return n
}

// Arrived is closed when the first request like "GET /hang/a" hangs.
func (w *World) Arrived(name string) <-chan struct{} { return gate(w, w.arrived, name) }

// Release lets requests like "GET /hang/a" be answered.
func (w *World) Release(name string) { closeOnce(&w.mu, gate(w, w.released, name)) }

func gate(w *World, gates map[string]chan struct{}, name string) chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if gates[name] == nil {
		gates[name] = make(chan struct{})
	}
	return gates[name]
}

func closeOnce(mu *sync.Mutex, c chan struct{}) {
	mu.Lock()
	defer mu.Unlock()
	select {
	case <-c:
	default:
		close(c)
	}
}
