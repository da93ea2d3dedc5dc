// Package nasty is a server that does everything a server should not.
//
// It writes its bytes by hand, so that it can break HTTP where no HTTP library
// would. Each behaviour is a path. It is for tests alone.
package nasty

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// A Behaviour answers one request on a raw connection. When it returns true the
// connection stays open for the next request.
type Behaviour func(c *Conn) (keep bool)

// Conn is a connection with the request that was read from it.
type Conn struct {
	net.Conn
	Request *http.Request
	Count   int             // of requests on this connection, from 1
	over    <-chan struct{} // closed when the server stops
}

// Say writes as Printf does; lines end with \r\n as they are given.
func (c *Conn) Say(format string, args ...any) error {
	_, err := fmt.Fprintf(c, format, args...)
	return err
}

// Head writes a status line and headers, each without its line end, and the empty line.
func (c *Conn) Head(status string, headers ...string) {
	_ = c.Say("HTTP/1.1 %s\r\n", status)
	for _, h := range headers {
		_ = c.Say("%s\r\n", h)
	}
	_ = c.Say("\r\n")
}

// Hang waits until the client goes away or the server stops.
func (c *Conn) Hang() {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = c.Read(make([]byte, 1))
	}()
	select {
	case <-gone:
	case <-c.over:
		c.Close()
		<-gone
	}
}

// Pause waits between two writes; false when the server stops.
func (c *Conn) Pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-c.over:
		return false
	}
}

// Reset closes the connection with a reset of TCP.
func (c *Conn) Reset() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	c.Close()
}

// Server listens until it is closed.
type Server struct {
	listener net.Listener
	over     chan struct{}
	work     sync.WaitGroup
	mu       sync.Mutex
	asked    map[string]int // requests by path
}

// Start listens on a free port of this machine.
func Start() (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return Serve(l), nil
}

// Serve answers on l, which may speak TLS.
func Serve(l net.Listener) *Server {
	bomb() // made before anybody measures
	s := &Server{listener: l, over: make(chan struct{}), asked: map[string]int{}}
	s.work.Go(s.accept)
	return s
}

// Port is the port that the server listens on.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Asked is how many requests for a path have arrived.
func (s *Server) Asked(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// Close stops the server and waits for its connections to end.
func (s *Server) Close() {
	close(s.over)
	_ = s.listener.Close()
	s.work.Wait()
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.work.Go(func() { s.serve(c) })
	}
}

func (s *Server) serve(c net.Conn) {
	defer c.Close()
	done := make(chan struct{})
	defer close(done)
	go func() { // a client that keeps its connection must not keep the server
		select {
		case <-s.over:
			c.Close()
		case <-done:
		}
	}()
	in := bufio.NewReader(c)
	for count := 1; ; count++ {
		r, err := http.ReadRequest(in)
		if err != nil {
			if count == 1 && !errors.Is(err, io.EOF) {
				_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
			}
			return
		}
		s.mu.Lock()
		s.asked[r.URL.Path]++
		s.mu.Unlock()
		b, known := Behaviours[r.URL.Path]
		if !known {
			b = notFound
		}
		if !b(&Conn{Conn: c, Request: r, Count: count, over: s.over}) {
			return
		}
		_ = r.Body.Close()
	}
}

func notFound(c *Conn) bool {
	c.Head("404 Not Found", "Content-Length: 0")
	return true
}
