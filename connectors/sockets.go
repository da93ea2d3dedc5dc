package connectors

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Bounds of the sockets that are kept, as of newTransport.
const (
	mostIdle     = 512
	mostIdleHost = 128
	idleTime     = 90 * time.Second
	shortBody    = 16 << 10
)

// sockets sends simple requests over plain HTTP/1.1 on the goroutine of whoever
// asks. net/http's transport has two goroutines per socket and hands each request and
// each answer over, which is a fifth of what a short run costs. What is written and
// read is what net/http writes and reads. All other requests (TLS and with it HTTP/2,
// bodies that are not short, upgrades) go through that transport.
type sockets struct {
	*http.Transport

	mu    sync.Mutex
	idle  map[string][]*socket // by host and port, the one used last at the end
	count int
	sweep *time.Timer // closes what was idle for too long; nil while nothing is idle
}

func newSockets(t *http.Transport) *sockets {
	return &sockets{Transport: t, idle: map[string][]*socket{}}
}

// RoundTrip implements http.RoundTripper.
func (s *sockets) RoundTrip(r *http.Request) (*http.Response, error) {
	if !simple(r) || !named(r) {
		return s.Transport.RoundTrip(r)
	}
	return s.exchange(r, nil)
}

// exchange sends a request that is simple; x, when it is not nil, is told how it comes along.
func (s *sockets) exchange(r *http.Request, x *exchange) (*http.Response, error) {
	ctx := r.Context()
	if ctx.Err() != nil {
		closeBody(r)
		return nil, context.Cause(ctx)
	}
	hooks := httptrace.ContextClientTrace(ctx)
	addr := dialTarget(r)
	take := func() *socket {
		if hooks != nil && hooks.GetConn != nil {
			hooks.GetConn(addr)
		}
		return s.take(addr)
	}
	for c := take(); c != nil; c = take() {
		res, err := c.exchange(r, x, hooks)
		if err == nil || !c.stale || !repeatable(r) || ctx.Err() != nil {
			return res, err
		}
	}
	if x != nil {
		ctx = x.watched().Context()
	}
	conn, err := s.DialContext(ctx, "tcp", addr)
	if err != nil {
		closeBody(r)
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, err
	}
	return newSocket(s, addr, conn).exchange(r, x, hooks)
}

// CloseIdleConnections closes the sockets that nobody uses.
func (s *sockets) CloseIdleConnections() {
	s.close(time.Time{})
	s.Transport.CloseIdleConnections()
}

// simple reports whether r is plain HTTP with nothing that takes two who talk at the
// same time. What net/http would refuse, or add to, is left to it.
func simple(r *http.Request) bool {
	if r.URL.Scheme != "http" || r.Close || r.Method == http.MethodConnect || len(r.TransferEncoding) > 0 || len(r.Trailer) > 0 || r.URL.Host == "" {
		return false
	}
	if r.Body != nil && r.Body != http.NoBody && (r.ContentLength <= 0 || r.ContentLength > shortBody) {
		return false
	}
	for name, values := range r.Header {
		switch name {
		case "Upgrade", "Expect", "Connection":
			return false
		}
		if !httpguts.ValidHeaderFieldName(name) {
			return false
		}
		for _, v := range values {
			if !httpguts.ValidHeaderFieldValue(v) {
				return false
			}
		}
	}
	return httpguts.ValidHeaderFieldName(r.Method)
}

// named reports whether r says itself which packings it takes, or cannot take any. To what
// does not, transports add what they can unpack.
func named(r *http.Request) bool {
	return r.Header["Accept-Encoding"] != nil || r.Header["Range"] != nil || r.Method == http.MethodHead
}

// repeatable reports whether r may be sent once more when a socket that was used before
// turned out to be closed.
func repeatable(r *http.Request) bool {
	if r.Body != nil && r.Body != http.NoBody {
		return false
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}

func dialTarget(r *http.Request) string {
	host, port := r.URL.Hostname(), r.URL.Port()
	if ascii := asciiHost(host); port == "" || ascii != host {
		return net.JoinHostPort(ascii, cmp.Or(port, "80"))
	}
	return r.URL.Host
}

// take returns a socket that is idle, or nil. One that the server has closed, or over
// which it sent what nobody asked for, is of no use: what comes next would be taken for
// the answer.
func (s *sockets) take(addr string) *socket {
	for {
		s.mu.Lock()
		list := s.idle[addr]
		if len(list) == 0 {
			s.mu.Unlock()
			return nil
		}
		c := list[len(list)-1]
		list[len(list)-1] = nil
		s.idle[addr] = list[:len(list)-1]
		s.count--
		s.mu.Unlock()
		if time.Since(c.since) < idleTime && c.quiet() {
			return c
		}
		c.conn.Close()
	}
}

// give takes back a socket whose answer was read to the end.
func (s *sockets) give(c *socket) {
	c.since = time.Now()
	s.mu.Lock()
	if list := s.idle[c.addr]; s.count < mostIdle && len(list) < mostIdleHost {
		s.idle[c.addr] = append(list, c)
		s.count++
		if s.sweep == nil {
			s.sweep = time.AfterFunc(idleTime, s.tidy)
		}
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	c.conn.Close()
}

// tidy closes what was idle for too long, and comes again while anything is idle.
func (s *sockets) tidy() {
	s.close(time.Now().Add(-idleTime))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count > 0 {
		s.sweep.Reset(idleTime)
	} else {
		s.sweep = nil
	}
}

// close closes the sockets that were last used before a time, all when it is zero.
func (s *sockets) close(before time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for addr, list := range s.idle {
		kept := list[:0]
		for _, c := range list {
			if before.IsZero() || c.since.Before(before) {
				c.conn.Close()
				s.count--
			} else {
				kept = append(kept, c)
			}
		}
		clear(list[len(kept):])
		if s.idle[addr] = kept; len(kept) == 0 {
			delete(s.idle, addr)
		}
	}
}
