// Package otlp sends what runs did as OpenTelemetry traces: a run is a trace, an attempt
// at a card a span.
//
// Ids are worked out from the ids of runs and the paths of steps, so that nothing has to
// be remembered while a run goes on, and a run that is taken up after a crash goes on with
// the trace it had. The package writes OTLP's protocol buffers itself: the few messages
// that it needs are smaller than what else would have to be in the program. It holds no
// run up: what cannot be sent in time is left out and counted.
package otlp

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/runner"
)

// Options are what a Tracer needs.
type Options struct {
	// Endpoint is where spans are posted, such as http://localhost:4318/v1/traces.
	Endpoint string
	Headers  map[string]string // of each request, such as Authorization
	// Share is how much of the traces that begin here is sent, from 0 to 1. Traces that come
	// with a call are sent when the caller says so.
	Share   float64
	Service string // service.name
	Version string // service.version
	Client  *http.Client
	Log     *slog.Logger
}

const (
	mostQueued = 8192 // spans that wait to be sent
	mostBatch  = 512
	sendEvery  = 2 * time.Second
	mostKnown  = 20_000 // runs whose traces are remembered for the runs that they begin
)

// Tracer turns what runs do into spans. Close it when no run goes on.
type Tracer struct {
	o       Options
	spans   chan span
	dropped atomic.Int64
	sent    atomic.Int64
	done    sync.WaitGroup
	stop    chan struct{}

	mu    sync.Mutex
	known map[string]origin // by run
}

var _ runner.Watch = (*Tracer)(nil)

// New returns a Tracer at work.
func New(o Options) *Tracer {
	client := *o.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // what is posted may not become a question
	o.Client = &client
	t := &Tracer{o: o, spans: make(chan span, mostQueued), stop: make(chan struct{}), known: map[string]origin{}}
	t.done.Go(t.send)
	return t
}

// Counts returns how many spans were sent and how many left out since the start.
func (t *Tracer) Counts() (sent, dropped int64) { return t.sent.Load(), t.dropped.Load() }

type (
	traceID [16]byte
	spanID  [8]byte
)

// origin is the trace that a run belongs to.
type origin struct {
	trace   traceID
	parent  spanID // zero: the run begins the trace
	sampled bool
	state   string // tracestate, passed on as it is
}

// Run implements runner.Watch.
func (t *Tracer) Run(run *flows.Run) runner.Watcher {
	return &watcher{t, t.origin(run)}
}

// origin works out a run's trace: the one that its call came with, that of the run that
// began it, or one of its own. When nothing is known of the run that began it, that one is
// taken to have begun its trace.
func (t *Tracer) origin(run *flows.Run) origin {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o, ok := t.known[run.ID]; ok {
		return o
	}
	o, ok := received(run)
	if parent := run.Parent; !ok && parent.Run != "" {
		if o, ok = t.known[parent.Run]; !ok {
			o, ok = t.own(parent.Run), true
		}
		o.parent = attemptID(parent.Run, parent.Path, 1)
	}
	if !ok {
		o = t.own(run.ID)
	}
	if len(t.known) >= mostKnown {
		clear(t.known) // those that begin no more runs are not missed
	}
	t.known[run.ID] = o
	return o
}

// own is the trace that a run begins.
func (t *Tracer) own(run string) (o origin) {
	sum := sha256.Sum256([]byte("trace " + run))
	copy(o.trace[:], sum[:])
	o.sampled = float64(binary.BigEndian.Uint64(o.trace[8:])>>1) < t.o.Share*float64(math.MaxInt64)
	return o
}

// received is the trace that a call came with: https://www.w3.org/TR/trace-context/.
func received(run *flows.Run) (o origin, ok bool) {
	headers, _ := run.Event["headers"].(map[string]any)
	text, _ := headers["traceparent"].(string)
	parts := strings.Split(text, "-")
	if len(parts) < 4 || len(parts[0]) != 2 || parts[0] == "ff" || parts[0] == "00" && len(parts) != 4 ||
		len(parts[1]) != 32 || len(parts[2]) != 16 || len(parts[3]) != 2 || strings.ToLower(text) != text {
		return o, false
	}
	var flags [1]byte
	for _, x := range []struct {
		into []byte
		text string
	}{{o.trace[:], parts[1]}, {o.parent[:], parts[2]}, {flags[:], parts[3]}} {
		if _, err := hex.Decode(x.into, []byte(x.text)); err != nil {
			return origin{}, false
		}
	}
	if o.trace == (traceID{}) || o.parent == (spanID{}) {
		return origin{}, false
	}
	o.sampled = flags[0]&1 == 1
	odd := func(r rune) bool { return r < ' ' || r > '~' }
	if state, _ := headers["tracestate"].(string); len(state) <= 512 && !strings.ContainsFunc(state, odd) {
		o.state = state
	}
	return o, true
}

// Traceparent is the header with which a request of an attempt goes out, and its tracestate.
func (t *Tracer) Traceparent(run *flows.Run, p flows.Path, number int) (parent, state string) {
	o := t.origin(run)
	id := attemptID(run.ID, p, number)
	flags := "-00"
	if o.sampled {
		flags = "-01"
	}
	return "00-" + hex.EncodeToString(o.trace[:]) + "-" + hex.EncodeToString(id[:]) + flags, o.state
}

func runSpan(run string) spanID { return idOf("run " + run) }

func attemptID(run string, p flows.Path, number int) spanID {
	return idOf("attempt " + run + "/" + string(p) + "#" + strconv.Itoa(number))
}

func idOf(text string) (id spanID) {
	sum := sha256.Sum256([]byte(text))
	copy(id[:], sum[:])
	return id
}

// above is the step that a step is inside of, "" when that is the run itself:
// "each" of "each[17]/get".
func above(p flows.Path) flows.Path {
	i := strings.LastIndexByte(string(p), '/')
	if i < 0 {
		return ""
	}
	p = p[:i]
	if j := strings.LastIndexByte(string(p), '['); j > strings.LastIndexByte(string(p), '/') {
		p = p[:j]
	}
	return p
}

// watcher tells of one run.
type watcher struct {
	t *Tracer
	o origin
}

// Attempt implements runner.Watcher.
func (w *watcher) Attempt(run *flows.Run, a *flows.Attempt) {
	if !w.o.sampled || a.Status != flows.Succeeded && a.Status != flows.Failed {
		return
	}
	s := span{trace: w.o.trace, id: attemptID(run.ID, a.Path, a.Number), parent: runSpan(run.ID), name: a.StepID, kind: kindInternal, start: a.Started, end: a.Finished}
	if up := above(a.Path); up != "" {
		s.parent = attemptID(run.ID, up, 1)
	}
	s.add("flowdeck.card", a.Card)
	s.add("flowdeck.step", a.StepID)
	s.add("flowdeck.path", string(a.Path))
	s.add("flowdeck.run", run.ID)
	s.addInt("flowdeck.attempt", int64(a.Number))
	if a.Given != "" {
		s.add("flowdeck.given", a.Given)
	}
	if a.Trace != nil && len(a.Trace.Exchanges) > 0 {
		x := a.Trace.Exchanges[len(a.Trace.Exchanges)-1]
		s.kind = kindClient
		s.add("http.request.method", x.Method)
		address, _, _ := strings.Cut(x.URL, "?")
		s.add("url.full", address)
		if x.Status > 0 {
			s.addInt("http.response.status_code", int64(x.Status))
		}
	}
	if a.Error != nil {
		s.failed, s.message = true, a.Error.Code
		s.add("error.type", a.Error.Code)
	}
	w.t.put(s)
}

// Over implements runner.Watcher.
func (w *watcher) Over(run *flows.Run, o *flows.Outcome) {
	if !w.o.sampled {
		return
	}
	name := run.FlowName
	if name == "" {
		name = run.FlowID
	}
	s := span{trace: w.o.trace, id: runSpan(run.ID), parent: w.o.parent, name: name, kind: kindServer, start: run.Created, end: o.At, state: w.o.state}
	s.add("flowdeck.run", run.ID)
	s.add("flowdeck.flow", run.FlowID)
	s.add("flowdeck.trigger", run.Trigger)
	s.addInt("flowdeck.version", run.Version)
	s.add("flowdeck.outcome", string(o.Status))
	if o.Error != nil {
		s.failed, s.message = o.Status == flows.Failed, o.Error.Code
		s.add("error.type", o.Error.Code)
		s.add("flowdeck.failed_at", string(o.ErrorPath))
	}
	w.t.put(s)
}

// put lets a span be sent, unless too many wait already.
func (t *Tracer) put(s span) {
	select {
	case t.spans <- s:
	default:
		t.dropped.Add(1)
	}
}

// Close sends what waits, for as long as ctx lasts.
func (t *Tracer) Close(ctx context.Context) {
	close(t.stop)
	done := make(chan struct{})
	go func() { t.done.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}
