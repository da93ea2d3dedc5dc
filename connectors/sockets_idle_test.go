package connectors

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// As many sockets are kept as requests were under way, so that the next ones open none; those
// beyond a few are closed soon.
func TestIdleSocketsAreBounded(t *testing.T) {
	s := openSockets(t)
	const many = fewIdle + 20
	var opened atomic.Int64
	arrived, leave := make(chan struct{}, many), make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-leave
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	for range 2 {
		done := make(chan error)
		for range many {
			go func() { _, _, err := ask(s, context.Background(), "GET", server.URL, ""); done <- err }()
		}
		for range many {
			<-arrived
		}
		for range many {
			leave <- struct{}{}
		}
		for range many {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	if s.count != many || opened.Load() != many {
		t.Errorf("%d sockets are idle of %d that were opened, want %d", s.count, opened.Load(), many)
	}
	age := func(by time.Duration) {
		for _, list := range s.idle {
			for _, c := range list {
				c.since = c.since.Add(-by)
			}
		}
		s.tidy()
	}
	if age(briefTime); s.count != fewIdle {
		t.Errorf("%d sockets are idle after a while, want %d", s.count, fewIdle)
	}
	if age(idleTime); s.count != 0 || len(s.idle) != 0 || s.sweep != nil {
		t.Errorf("%d sockets are left, and %d lists", s.count, len(s.idle))
	}

	idle := func(addr string) {
		conn, other := net.Pipe()
		t.Cleanup(func() { other.Close() })
		s.give(newSocket(s, addr, conn))
	}
	for range mostIdle + 1 {
		idle("many:80")
	}
	for range 2 { // a burst to one host leaves others theirs
		idle("few:80")
	}
	if s.count != mostIdle || len(s.idle["few:80"]) != 2 || len(s.idle["many:80"]) != mostIdle-2 {
		t.Errorf("%d sockets are kept, %d of them to the host with few, want %d and 2", s.count, len(s.idle["few:80"]), mostIdle)
	}
}

// A server that ends the connection on a request is sent it on one more, not on all that
// are idle.
func TestAStaleSocketIsTriedAgainOnce(t *testing.T) {
	s := openSockets(t)
	var asked atomic.Int64
	arrived, leave := make(chan struct{}, 8), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ends" {
			asked.Add(1)
			panic(http.ErrAbortHandler)
		}
		arrived <- struct{}{}
		<-leave
	}))
	t.Cleanup(server.Close)
	done := make(chan error)
	for range 8 {
		go func() { _, _, err := ask(s, context.Background(), "GET", server.URL, ""); done <- err }()
	}
	for range 8 {
		<-arrived
	}
	close(leave)
	for range 8 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := ask(s, t.Context(), "GET", server.URL+"/ends", ""); err == nil {
		t.Error("a request whose connection was ended each time was answered")
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("the server was asked %d times, want twice", n)
	}
}

// A socket is looked at when its last exchange was one that servers misread, and now and then.
func TestWhenASocketIsLookedAt(t *testing.T) {
	s := openSockets(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/nothing" {
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	t.Cleanup(server.Close)
	for _, x := range []struct {
		method, path, body string
		trusted            bool
	}{{"GET", "/", "", true}, {"POST", "/", "x", false}, {"GET", "/", "", true}, {"HEAD", "/", "", false}, {"GET", "/nothing", "", false}} {
		if _, _, err := ask(s, t.Context(), x.method, server.URL+x.path, x.body); err != nil {
			t.Fatal(err)
		}
		for addr := range s.idle {
			if c := s.idle[addr][0]; c.trusted(0) != x.trusted || c.trusted(justUsed) {
				t.Errorf("after %s %s the socket is trusted: %v, want %v", x.method, x.path, !x.trusted, x.trusted)
			}
		}
	}
	c, seen := &socket{simple: true}, 0
	for range 3 * (mostUnseen + 1) {
		if !c.trusted(0) {
			seen++
		}
	}
	if seen != 3 {
		t.Errorf("it was looked at %d times of %d, want 3", seen, 3*(mostUnseen+1))
	}
}
