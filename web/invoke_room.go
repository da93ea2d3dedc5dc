package web

import (
	"bytes"
	"errors"
	"io"

	"golang.org/x/sync/semaphore"
)

// Bodies of calls are held in memory from the first byte to the answer, all
// together at most bodyRoom bytes. Bodies below smallBody are not counted: the
// bound on runs bounds them.
const (
	bodyRoom  = 256 << 20
	smallBody = 64 << 10
)

// errNoRoom is what reading a body ends with that no room is left for.
var errNoRoom = errors.New("no room for the body")

// bodyBudget shares bodyRoom out.
type bodyBudget struct{ room *semaphore.Weighted }

func newBodyBudget() bodyBudget { return bodyBudget{semaphore.NewWeighted(bodyRoom)} }

// bodyPlace is what the body of one call takes of the budget. It grows as bytes come: what a
// caller announces, and does not send, takes nothing from others.
type bodyPlace struct {
	room *semaphore.Weighted
	size int64
}

func (b bodyBudget) place() bodyPlace { return bodyPlace{room: b.room} }

// grow takes what is lacking to size bytes. It never waits: whoever waited with half a
// body would keep others from ending theirs.
func (p *bodyPlace) grow(size int64) bool {
	size = min(size, bodyRoom)
	if size < smallBody || size <= p.size {
		return true
	}
	if !p.room.TryAcquire(size - p.size) {
		return false
	}
	p.size = size
	return true
}

// leave gives the room back.
func (p *bodyPlace) leave() {
	if p.size > 0 {
		p.room.Release(p.size)
		p.size = 0
	}
}

// read reads all of a body of which so many bytes are announced (below 0: nobody knows),
// and which ends itself at limit. The room that it takes is that of its buffer.
func (p *bodyPlace) read(body io.Reader, announced, limit int64) ([]byte, error) {
	size := max(announced, bytes.MinRead)
	if size >= smallBody {
		size = smallBody / 2
	}
	buf := make([]byte, 0, size+bytes.MinRead)
	for {
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, nil
		}
		if err != nil {
			return nil, err
		}
		if len(buf) < cap(buf) {
			continue
		}
		size = next(size, announced, limit)
		if !p.grow(size) {
			return nil, errNoRoom
		}
		buf = append(make([]byte, 0, size+bytes.MinRead), buf...)
	}
}

// next is what a buffer of size bytes, which is full, grows to.
func next(size, announced, limit int64) int64 {
	if size < announced && announced <= 2*size {
		return announced
	}
	return max(min(2*size, limit), size+bytes.MinRead)
}
