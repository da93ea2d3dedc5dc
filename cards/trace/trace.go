// Package trace records what happened on the wire during one attempt at a card.
//
// The transport that signs requests in writes it, history keeps it and pages
// show it; cards may add a line to it and read nothing of it. It imports nothing of ours, so that all of them
// may share it. Everything in a Trace is fit to be stored and shown: secrets
// were masked by who wrote it.
package trace

import (
	"context"
	"sync"
	"time"
)

// Trace is the wire history of one attempt: its exchanges in order, redirects
// and replays after a token refresh included, and a log of decisions.
type Trace struct {
	mu        sync.Mutex
	Exchanges []Exchange `json:"exchanges,omitempty"`
	Log       []Line     `json:"log,omitempty"`
	// Parent and State are the traceparent and tracestate that requests carry, unless they
	// have some of their own; "" when nothing is traced.
	Parent string      `json:"-"`
	State  string      `json:"-"`
	first  [1]Exchange // of Exchanges, which is often the only one
}

// NotText stands for a body that is not text, with its bytes.
const NotText = "(%d bytes that are not text)"

// Exchange is one request and its answer. Times are in microseconds.
type Exchange struct {
	Method          string      `json:"method"`
	URL             string      `json:"url"`
	RequestHeaders  [][2]string `json:"request_headers,omitempty"` // as sent, secrets masked
	RequestBody     string      `json:"request_body,omitempty"`    // the first 64 KiB
	RequestSize     int64       `json:"request_size,omitempty"`
	Status          int         `json:"status,omitempty"` // 0 when no answer came
	Proto           string      `json:"proto,omitempty"`
	ResponseHeaders [][2]string `json:"response_headers,omitempty"`
	ResponseSize    int64       `json:"response_size,omitempty"`
	Address         string      `json:"address,omitempty"` // "203.0.113.7:443"
	Reused          bool        `json:"reused,omitempty"`
	Purpose         string      `json:"purpose,omitempty"` // "" the card's own request, "redirect", "replay after sign-in", "token"
	Error           string      `json:"error,omitempty"`
	At              int64       `json:"at"` // start, µs since 1970 UTC
	DNS             int64       `json:"dns,omitempty"`
	Connect         int64       `json:"connect,omitempty"`
	TLS             int64       `json:"tls,omitempty"`
	Wait            int64       `json:"wait,omitempty"` // request written to first byte
	Download        int64       `json:"download,omitempty"`
	Total           int64       `json:"total,omitempty"`
	// Of a preview only, which is never stored.
	Signed  []string `json:"-"` // headers and query keys that the connection sets
	BodySum string   `json:"-"` // SHA-256 of the whole body, in hex; "" without one
}

// Preview is the purpose of an exchange that was not sent.
const Preview = "preview"

// Line is one decision: "token valid for 41 min, no refresh".
type Line struct {
	At   int64  `json:"at"` // µs since 1970 UTC
	Text string `json:"text"`
	Bad  bool   `json:"bad,omitempty"`
}

// Add appends an exchange and returns its index, for Update. A nil Trace ignores it.
func (t *Trace) Add(x Exchange) int {
	if t == nil {
		return -1
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.Exchanges == nil {
		t.Exchanges = t.first[:0]
	}
	t.Exchanges = append(t.Exchanges, x)
	return len(t.Exchanges) - 1
}

// Edit returns the exchange that Add gave index i, to change it until Edited is called.
func (t *Trace) Edit(i int) *Exchange {
	t.mu.Lock()
	return &t.Exchanges[i]
}

// Edited ends what Edit began.
func (t *Trace) Edited() { t.mu.Unlock() }

// Say appends a line to the log.
func (t *Trace) Say(at time.Time, text string, bad bool) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Log = append(t.Log, Line{At: at.UnixMicro(), Text: text, Bad: bad})
}

// Empty reports whether nothing was recorded.
func (t *Trace) Empty() bool {
	if t == nil {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.Exchanges) == 0 && len(t.Log) == 0
}

type key struct{}

// With returns a context whose requests are recorded in t.
func With(ctx context.Context, t *Trace) context.Context { return &recorded{ctx, t} }

// recorded is a within.Layer: nothing but the trace is added.
type recorded struct {
	context.Context
	trace *Trace
}

func (r *recorded) Value(asked any) any {
	if asked == (key{}) {
		return r.trace
	}
	return r.Context.Value(asked)
}

// Beneath makes it a within.Layer.
func (r *recorded) Beneath() context.Context { return r.Context }

// From returns the Trace of ctx, or nil.
func From(ctx context.Context) *Trace { t, _ := ctx.Value(key{}).(*Trace); return t }
