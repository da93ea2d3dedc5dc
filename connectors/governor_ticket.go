package connectors

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"flowdeck/cards/trace"
)

// LimitError means that a request would have waited longer for its turn than is
// allowed, or that too many are waiting already.
type LimitError struct {
	Connection string
	Why        string        // which limit
	After      time.Duration // when it is worth another try; 0 when nobody knows
}

func (e *LimitError) Error() string {
	m := fmt.Sprintf("connection “%s”: %s", e.Connection, e.Why)
	if e.After > 0 {
		m += "; free again in " + lasting(e.After)
	}
	return m
}

// CardCode is the code of the card error that this becomes.
func (e *LimitError) CardCode() string { return "limit" }

// CardMessage is what the flow's author reads.
func (e *LimitError) CardMessage() string { return e.Error() }

// CardRetryable says that another try may go through.
func (e *LimitError) CardRetryable() bool { return true }

// CardAfter is how long to wait before that.
func (e *LimitError) CardAfter() time.Duration { return e.After }

type refusal int

const (
	full refusal = iota
	tooLong
)

// refuse says why a request does not go; mu is held.
func (g *governor) refuse(now, free time.Time, why refusal) error {
	e := &LimitError{Connection: g.name, After: max(free.Sub(now), 0)}
	limit := g.limit(now)
	if why == full {
		e.Why = fmt.Sprintf("%s, and %d requests are waiting for that already, which is the most that may", limit, g.line.Len())
	} else {
		e.Why = limit + ", and that takes longer than a request may wait"
	}
	return e
}

// limit names what holds requests back; mu is held.
func (g *governor) limit(now time.Time) string {
	switch {
	case g.said.free(now).After(now):
		return g.said.why
	case !g.room():
		return fmt.Sprintf("%d requests at a time are allowed", g.set.concurrency)
	case g.set.rate > 0:
		return fmt.Sprintf("%g requests per second are allowed", g.set.rate)
	}
	return "its limit is reached"
}

// tell notes in the trace of who waited since when that they did.
func (g *governor) tell(ctx context.Context, since time.Time) {
	now := g.now()
	trace.From(ctx).Say(now, "waited "+lasting(now.Sub(since))+" for the connection's limit", false)
}

// lasting writes a time as people say it: "340 ms", "12 s", "4 min".
func lasting(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int((d+time.Second-1)/time.Second))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int((d+time.Minute-1)/time.Minute))
	}
	return fmt.Sprintf("%d hours", int((d+time.Hour-1)/time.Hour))
}

// ticket is a request's place among those under way; the zero ticket is nobody's.
type ticket struct {
	g       *governor
	counted bool
	mute    bool // what the answer says about limits is another host's
}

func (t ticket) leave() {
	if t.counted {
		t.g.leave()
	}
}

// answered learns from an answer's headers; the request is over when its body is.
func (t ticket) answered(res *http.Response) {
	if t.g == nil {
		return
	}
	if !t.mute {
		t.g.learn(res)
	}
	if !t.counted {
		return
	}
	if res.Body == nil || res.Body == http.NoBody {
		t.leave()
		return
	}
	res.Body = &occupying{body: res.Body, leave: t.leave}
}

// occupying leaves when its body has ended or was closed.
type occupying struct {
	body  io.ReadCloser
	once  sync.Once
	leave func()
}

func (b *occupying) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if err != nil {
		b.once.Do(b.leave)
	}
	return n, err
}

// spoiled hands on that what came cannot be used.
func (b *occupying) spoiled(err error) {
	if c, ok := b.body.(*countedBody); ok {
		c.spoiled(err)
	}
}

func (b *occupying) Close() error {
	err := b.body.Close()
	b.once.Do(b.leave)
	return err
}
