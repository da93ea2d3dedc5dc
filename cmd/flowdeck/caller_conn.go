package main

import (
	"net"
	"os"
	"runtime"
	"sync"
	"time"
)

const (
	// lookAfter is how long a request has to be under way before somebody looks whether its
	// caller is still there.
	lookAfter = 100 * time.Millisecond
	// slack is how much earlier than asked a deadline of more than a minute may come.
	slack = time.Second
)

// callerListener takes the connections of callers.
type callerListener struct{ *net.TCPListener }

// Accept implements net.Listener.
func (l callerListener) Accept() (net.Conn, error) {
	c, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return &callerConn{TCPConn: c}, nil
}

// callerConn is the connection of a caller. While a request is answered, net/http's server
// has a goroutine read one byte, to see whether the caller goes away, and stops it again; and
// it sets the deadlines seven times for each request. Most requests are over before any of that
// matters. So reading one byte begins by waiting a moment to be stopped, and a deadline is set
// when something is about to wait for it.
type callerConn struct {
	*net.TCPConn

	mu       sync.Mutex
	want     time.Time     // the deadline for reading
	set      time.Time     // the one that the connection has
	reading  bool          // something waits with it
	watching bool          // something waits for stop
	stop     chan struct{} // says that the deadline is over; nil before the first wait
	late     *time.Timer   // ends that wait
	writes   bool          // the connection has a deadline for writing
}

// Read implements net.Conn.
func (c *callerConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	if len(p) == 1 && c.stopped() {
		c.mu.Unlock()
		return 0, os.ErrDeadlineExceeded
	}
	err := c.settle()
	c.reading = err == nil
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	runtime.Gosched() // reading before the caller could send is a system call in vain
	n, err := c.TCPConn.Read(p)
	c.mu.Lock()
	c.reading = false
	c.mu.Unlock()
	return n, err
}

// stopped reports whether the deadline is put into the past within a moment. The caller
// holds mu, which is free meanwhile.
func (c *callerConn) stopped() bool {
	if over(c.want) {
		return true
	}
	if c.stop == nil {
		c.stop, c.late = make(chan struct{}, 1), time.NewTimer(lookAfter)
	} else {
		c.late.Reset(lookAfter)
	}
	c.watching = true
	c.mu.Unlock()
	stopped := false
	select {
	case <-c.stop:
		stopped = true
	case <-c.late.C:
	}
	c.mu.Lock()
	c.watching = false
	c.late.Stop()
	select {
	case <-c.stop:
		stopped = true
	default:
	}
	return stopped
}

// settle gives the connection the deadline that was asked for. The caller holds mu.
func (c *callerConn) settle() error {
	if c.want.Equal(c.set) {
		return nil
	}
	if early := c.want.Sub(c.set); early > 0 && early < slack && time.Until(c.want) > time.Minute {
		return nil
	}
	c.set = c.want
	return c.TCPConn.SetReadDeadline(c.want)
}

// SetReadDeadline implements net.Conn.
func (c *callerConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.want = t
	switch {
	case c.reading:
		return c.settle()
	case c.watching && over(t):
		select {
		case c.stop <- struct{}{}:
		default:
		}
	}
	return nil
}

// SetWriteDeadline implements net.Conn.
func (c *callerConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.IsZero() && !c.writes {
		return nil
	}
	c.writes = !t.IsZero()
	return c.TCPConn.SetWriteDeadline(t)
}

// SetDeadline implements net.Conn.
func (c *callerConn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// over reports whether the deadline is past.
func over(deadline time.Time) bool { return !deadline.IsZero() && time.Until(deadline) <= 0 }
