package connectors

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"
)

const (
	// mostIdle is how many sockets are kept for the next request: as many as an engine drives
	// runs. With fewer, runs that call one slow host would open connections all the time.
	mostIdle = 1024
	// fewIdle is how many to a host may be idle for idleTime; what is beyond it, for briefTime.
	fewIdle   = 128
	idleTime  = 90 * time.Second
	briefTime = 10 * time.Second
	// justUsed is how long a socket may have been idle that is not looked at before a request
	// which can be repeated, and mostUnseen how often in a row: looking costs as much as it
	// could save.
	justUsed   = time.Millisecond
	mostUnseen = 16
	// shortBody bounds the bodies of simple requests, in bytes.
	shortBody = 16 << 10
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
	look := func() {
		if hooks != nil && hooks.GetConn != nil {
			hooks.GetConn(addr)
		}
	}
	look()
	if c := s.take(addr, repeatable(r)); c != nil {
		res, err := c.exchange(r, x, hooks)
		if err == nil || !c.stale || !repeatable(r) || ctx.Err() != nil {
			return res, err
		}
		look() // for a new one: others that are idle may end like this one, and each would be sent the request
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
	s.close(func(int, time.Time) bool { return true })
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
// the answer. That is looked at, unless again says that the request can be sent again and
// there was hardly time or cause for it.
func (s *sockets) take(addr string, again bool) *socket {
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
		if idle := time.Since(c.since); idle < idleTime && (again && c.trusted(idle) || c.quiet()) {
			return c
		}
		c.conn.Close()
	}
}

// give takes back a socket whose answer was read to the end.
func (s *sockets) give(c *socket) {
	c.since = time.Now()
	var over *socket
	s.mu.Lock()
	if s.count == mostIdle && len(s.idle[c.addr]) < fewIdle {
		over = s.spare()
	}
	if s.count < mostIdle {
		s.idle[c.addr] = append(s.idle[c.addr], c)
		s.count++
		if s.sweep == nil {
			s.sweep = time.AfterFunc(briefTime, s.tidy)
		}
	} else {
		over = c
	}
	s.mu.Unlock()
	if over != nil {
		over.conn.Close()
	}
}

// spare takes out a socket of a host that has more than a few, so that its burst leaves
// others theirs; nil when there is none. The caller holds mu.
func (s *sockets) spare() *socket {
	for addr, list := range s.idle {
		if len(list) > fewIdle {
			c := list[0]
			s.idle[addr] = slices.Delete(list, 0, 1)
			s.count--
			return c
		}
	}
	return nil
}

// tidy closes what was idle for too long, and comes again while anything is idle.
func (s *sockets) tidy() {
	now := time.Now()
	s.close(func(beyond int, since time.Time) bool {
		return now.Sub(since) >= idleTime || beyond > 0 && now.Sub(since) >= briefTime
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count > 0 {
		s.sweep.Reset(briefTime)
	} else {
		s.sweep = nil
	}
}

// close closes the idle sockets that are over, which is asked with how many beyond fewIdle
// there are to the host, and since when the socket is idle.
func (s *sockets) close(over func(beyond int, since time.Time) bool) {
	for _, c := range s.pick(over) { // not under mu: it takes a while when they are many
		c.conn.Close()
	}
}

func (s *sockets) pick(over func(beyond int, since time.Time) bool) (picked []*socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for addr, list := range s.idle {
		kept := list[:0]
		beyond := len(list) - fewIdle
		for _, c := range list {
			if over(beyond, c.since) {
				picked = append(picked, c)
			} else {
				kept = append(kept, c)
			}
			beyond-- // the first ones are idle for the longest
		}
		clear(list[len(kept):])
		if s.idle[addr] = kept; len(kept) == 0 {
			delete(s.idle, addr)
		}
	}
	s.count -= len(picked)
	return picked
}
