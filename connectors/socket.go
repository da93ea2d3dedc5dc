package connectors

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"runtime"
	"syscall"
	"time"

	"flowdeck/cards/within"
)

// socket is a connection to a server that speaks HTTP/1.1. One request at a time uses it.
type socket struct {
	pool   *sockets
	addr   string
	conn   net.Conn
	raw    syscall.RawConn // nil: there is none
	remote string          // its address, for the trace
	in     *bufio.Reader
	out    *bufio.Writer
	room   int64     // what may still come of a header, in bytes; below 0: no limit
	used   bool      // it has answered before
	stale  bool      // it broke before a byte of the answer came, having been used before
	since  time.Time // when it became idle
	simple bool      // it sent no body last, and the answer could have one: servers seldom misread that
	unseen int       // how often in a row it was used without a look

	look   func(fd uintptr) // peek
	silent bool             // what peek saw
}

func newSocket(pool *sockets, addr string, conn net.Conn) *socket {
	c := &socket{pool: pool, addr: addr, conn: conn}
	c.look = c.peek
	if a := conn.RemoteAddr(); a != nil {
		c.remote = a.String()
	}
	if open, ok := conn.(syscall.Conn); ok {
		c.raw, _ = open.SyscallConn()
	}
	c.in, c.out = bufio.NewReaderSize(c, 4<<10), bufio.NewWriterSize(conn, 4<<10)
	return c
}

var errHeaderSize = errors.New("net/http: server response headers exceeded the limit of 1 MiB; aborted")

// Read reads from the connection; of a header no more than there is room for.
func (c *socket) Read(p []byte) (int, error) {
	if c.room == 0 {
		return 0, errHeaderSize
	}
	if c.room > 0 && int64(len(p)) > c.room {
		p = p[:c.room]
	}
	n, err := c.conn.Read(p)
	if c.room > 0 {
		c.room -= int64(n)
	}
	return n, err
}

// longAgo is a deadline that ends whatever waits for the connection.
var longAgo = time.Unix(1, 0)

// exchange sends r and reads the header of its answer. The connection goes back to the
// pool with the end of the answer's body.
func (c *socket) exchange(r *http.Request, x *exchange, hooks *httptrace.ClientTrace) (*http.Response, error) {
	ctx := r.Context()
	if hooks != nil && hooks.GotConn != nil {
		hooks.GotConn(httptrace.GotConnInfo{Conn: c.conn, Reused: c.used})
	}
	if x != nil {
		x.connected(c.remote, c.used)
	}
	deadline, _ := ctx.Deadline() // none: there may be one of the request before
	_ = c.conn.SetDeadline(deadline)
	release := within.Watch(ctx, c)
	res, err := c.talk(r, x, hooks)
	if err != nil {
		release()
		c.conn.Close()
		return nil, why(ctx, err)
	}
	if res.Body == http.NoBody || res.ContentLength == 0 {
		res.Body = http.NoBody
		c.free(release() && reusable(res))
		return res, nil
	}
	res.Body = &socketBody{ReadCloser: res.Body, socket: c, release: release, ctx: ctx, keep: reusable(res)}
	return res, nil
}

// trusted reports whether a socket that was idle for so long need not be looked at.
func (c *socket) trusted(idle time.Duration) bool {
	if !c.simple || idle >= justUsed || c.unseen == mostUnseen {
		c.unseen = 0
		return false
	}
	c.unseen++
	return true
}

func reusable(res *http.Response) bool {
	return !res.Close && res.StatusCode != http.StatusSwitchingProtocols
}

// Interrupt ends what is under way over the connection.
func (c *socket) Interrupt() { _ = c.conn.SetDeadline(longAgo) }

// free gives the connection to others, or closes it.
func (c *socket) free(again bool) {
	if again && c.in.Buffered() == 0 {
		c.pool.give(c)
		return
	}
	c.conn.Close()
}

// why is what ended ctx, when that is why something failed.
func why(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// talk writes the request and reads the header of the answer.
func (c *socket) talk(r *http.Request, x *exchange, hooks *httptrace.ClientTrace) (*http.Response, error) {
	err := writeRequest(c.out, r, hooks)
	if err == nil {
		err = c.out.Flush()
	}
	closeBody(r)
	if err != nil {
		c.stale = c.used
		return nil, fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", err)
	}
	if x != nil {
		x.sent()
	}
	runtime.Gosched() // reading before the server could answer is a system call in vain
	c.room = c.pool.MaxResponseHeaderBytes
	if _, err := c.in.Peek(1); err != nil {
		c.stale = c.used
		return nil, fmt.Errorf("net/http: the server answered nothing: %w", err)
	}
	if hooks != nil && hooks.GotFirstResponseByte != nil {
		hooks.GotFirstResponseByte()
	}
	if x != nil {
		x.begun()
	}
	for interim := 0; ; interim++ {
		if interim > maxInterim {
			return nil, errInterim
		}
		res, err := http.ReadResponse(c.in, r)
		if err != nil {
			if c.room == 0 {
				err = errHeaderSize
			}
			return nil, fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", err)
		}
		if res.StatusCode >= 200 || res.StatusCode == http.StatusSwitchingProtocols {
			c.room, c.used = -1, true
			c.simple = repeatable(r) && r.Method != http.MethodHead && res.StatusCode != http.StatusNoContent && res.StatusCode != http.StatusNotModified
			return res, nil
		}
		if hooks != nil && hooks.Got1xxResponse != nil {
			if err := hooks.Got1xxResponse(res.StatusCode, textproto.MIMEHeader(res.Header)); err != nil {
				return nil, err
			}
		}
		c.room = c.pool.MaxResponseHeaderBytes
	}
}

// socketBody is the body of an answer. With its end the connection is free.
type socketBody struct {
	io.ReadCloser
	socket  *socket
	release func() bool
	ctx     context.Context
	keep    bool // the connection can be used again
	over    bool
	last    error // what reading gives after the end
}

func (b *socketBody) Read(p []byte) (int, error) {
	if b.over {
		return 0, b.last
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		if err != io.EOF {
			err = why(b.ctx, err)
		}
		b.last = err
		b.end(err == io.EOF)
	}
	return n, err
}

// Close gives up what has not been read.
func (b *socketBody) Close() error {
	if !b.over {
		b.last = http.ErrBodyReadAfterClose
		b.end(false)
	}
	return nil
}

// end frees the connection, for others when the whole answer was read.
func (b *socketBody) end(whole bool) {
	if !b.over {
		b.over = true
		b.socket.free(b.release() && whole && b.keep)
	}
}
