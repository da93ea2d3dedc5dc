//go:build unix

package connectors

import "syscall"

// quiet reports whether nothing has come over the idle connection: its end, or an
// answer that nobody asked for.
func (c *socket) quiet() bool {
	if c.raw == nil {
		return true
	}
	c.silent = false
	return c.raw.Control(c.look) == nil && c.silent
}

// peek looks whether there is something to read.
func (c *socket) peek(fd uintptr) {
	var one [1]byte
	_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK)
	c.silent = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK
}
