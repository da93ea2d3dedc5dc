package otlp

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"flowdeck/cards"
	"flowdeck/cards/trace"
	"flowdeck/flows"
)

// receiver is an OTLP/HTTP receiver that decodes what it gets with OpenTelemetry's own types.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	refuse int // so many requests get a 503
	header http.Header
	got    []*tracepb.ResourceSpans
}

func receive(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Errorf("read a request: %v", err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.refuse > 0 {
			r.refuse--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var data tracepb.TracesData // the same fields as an ExportTraceServiceRequest
		if err := (proto.UnmarshalOptions{}).Unmarshal(body, &data); err != nil {
			t.Errorf("decode a request: %v", err)
		}
		if len(data.ProtoReflect().GetUnknown()) > 0 || q.URL.Path != "/v1/traces" || q.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("a request to %s with %q holds unknown fields %x", q.URL.Path, q.Header.Get("Content-Type"), data.ProtoReflect().GetUnknown())
		}
		r.header = q.Header
		r.got = append(r.got, data.ResourceSpans...)
	}))
	t.Cleanup(r.Close)
	return r
}

// spans are all that came, by name.
func (r *receiver) spans() map[string]*tracepb.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]*tracepb.Span{}
	for _, rs := range r.got {
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				all[s.Name] = s
			}
		}
	}
	return all
}

func tracer(r *receiver, share float64) *Tracer {
	return New(Options{Endpoint: r.URL + "/v1/traces", Headers: map[string]string{"Authorization": "Bearer x"}, Share: share, Service: "flowdeck", Version: "1.2", Client: r.Client(), Log: slog.New(slog.DiscardHandler)})
}

var at = time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)

func attempt(path flows.Path, card string, err *cards.Error) *flows.Attempt {
	a := &flows.Attempt{Path: path, StepID: string(path[strings.LastIndexByte(string(path), '/')+1:]), Number: 1, Card: card, Status: flows.Succeeded, Started: at, Finished: at.Add(20 * time.Millisecond), Error: err}
	if err != nil {
		a.Status = flows.Failed
	}
	return a
}

func attributes(s *tracepb.Span) string {
	var parts []string
	for _, kv := range s.Attributes {
		text := kv.Value.GetStringValue()
		if text == "" {
			text = kv.Value.String()
		}
		parts = append(parts, kv.Key+"="+text)
	}
	return strings.Join(parts, " ")
}

func TestARunIsATraceAndACardASpan(t *testing.T) {
	r := receive(t)
	tr := tracer(r, 1)
	run := &flows.Run{ID: "r_1", FlowID: "f_1", FlowName: "Orders", Trigger: "event.endpoint", Version: 3, Created: at}
	w := tr.Run(run)
	get := attempt("each[17]/get", "http.get", &cards.Error{Code: "http_503", Message: "a secret answer"})
	get.Trace = &trace.Trace{Exchanges: []trace.Exchange{{Method: "GET", URL: "https://a.io/x?key=secret", Status: 503}}}
	w.Attempt(run, get)
	w.Attempt(run, attempt("each", "control.for_each", nil))
	w.Attempt(run, &flows.Attempt{Path: "off", StepID: "off", Status: flows.Skipped})
	w.Over(run, &flows.Outcome{Status: flows.Failed, At: at.Add(time.Second), Error: &cards.Error{Code: "http_503"}, ErrorPath: "each[17]/get"})
	tr.Close(context.Background())

	spans := r.spans()
	root, each, inner := spans["Orders"], spans["each"], spans["get"]
	if len(spans) != 3 || root == nil || each == nil || inner == nil {
		t.Fatalf("spans: %v, want the run, each and get", spans)
	}
	if len(root.ParentSpanId) != 0 || string(each.ParentSpanId) != string(root.SpanId) || string(inner.ParentSpanId) != string(each.SpanId) {
		t.Errorf("they do not stand inside each other: %x, %x in %x, %x in %x", root.SpanId, each.SpanId, each.ParentSpanId, inner.SpanId, inner.ParentSpanId)
	}
	if len(root.TraceId) != 16 || string(root.TraceId) != string(inner.TraceId) {
		t.Errorf("trace ids %x and %x, want the same", root.TraceId, inner.TraceId)
	}
	if inner.StartTimeUnixNano != uint64(at.UnixNano()) || inner.EndTimeUnixNano-inner.StartTimeUnixNano != 20e6 || inner.Kind != tracepb.Span_SPAN_KIND_CLIENT || root.Kind != tracepb.Span_SPAN_KIND_SERVER {
		t.Errorf("get: %v", inner)
	}
	if inner.Status.GetCode() != tracepb.Status_STATUS_CODE_ERROR || inner.Status.GetMessage() != "http_503" || each.Status.GetCode() != tracepb.Status_STATUS_CODE_UNSET {
		t.Errorf("status of get %v, of each %v", inner.Status, each.Status)
	}
	got := attributes(inner)
	for _, want := range []string{"flowdeck.card=http.get", "flowdeck.path=each[17]/get", "flowdeck.run=r_1", "url.full=https://a.io/x", "int_value:503"} {
		if !strings.Contains(got, want) {
			t.Errorf("attributes %q lack %s", got, want)
		}
	}
	if strings.Contains(got+attributes(root), "secret") {
		t.Errorf("attributes tell secrets: %q", got)
	}
	if name := attributes(&tracepb.Span{Attributes: r.got[0].Resource.Attributes}); name != "service.name=flowdeck service.version=1.2" || r.header.Get("Authorization") != "Bearer x" {
		t.Errorf("resource %q, header %v", name, r.header)
	}
	if sent, dropped := tr.Counts(); sent != 3 || dropped != 0 {
		t.Errorf("%d sent, %d dropped; want 3 and none", sent, dropped)
	}
}

func TestATraceThatComesWithACallGoesOn(t *testing.T) {
	r := receive(t)
	tr := tracer(r, 0)
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	run := &flows.Run{ID: "r_1", FlowName: "Orders", Created: at, Event: map[string]any{"headers": map[string]any{"traceparent": parent, "tracestate": "a=b"}}}
	out, state := tr.Traceparent(run, "get", 1)
	if !strings.HasPrefix(out, "00-0af7651916cd43dd8448eb211c80319c-") || !strings.HasSuffix(out, "-01") || state != "a=b" {
		t.Errorf("a request goes out with %s, %s", out, state)
	}
	w := tr.Run(run)
	w.Attempt(run, attempt("get", "http.get", nil))
	w.Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	child := &flows.Run{ID: "r_2", FlowName: "Helper", Created: at, Parent: flows.Parent{Run: "r_1", Path: "call"}}
	tr.Run(child).Over(child, &flows.Outcome{Status: flows.Succeeded, At: at})
	tr.Close(context.Background())
	spans := r.spans()
	if s := spans["Orders"]; s == nil || hex.EncodeToString(s.TraceId) != parent[3:35] || hex.EncodeToString(s.ParentSpanId) != parent[36:52] || s.TraceState != "a=b" {
		t.Errorf("the run: %v", s)
	}
	if s := spans["get"]; s == nil || hex.EncodeToString(s.SpanId) != out[36:52] {
		t.Errorf("the attempt is %v, what went out says %s", s, out)
	}
	if s := spans["Helper"]; s == nil || hex.EncodeToString(s.TraceId) != parent[3:35] {
		t.Errorf("the run that it began is in another trace: %v", s)
	}
}

// A run that another one began goes on with the trace it had, however many runs there were
// meanwhile, also in a process that does not know the other one.
func TestARunThatAnotherBeganKeepsItsTrace(t *testing.T) {
	r := receive(t)
	tr := tracer(r, 1)
	parent, child := &flows.Run{ID: "r_1", Created: at}, &flows.Run{ID: "r_2", Created: at, Parent: flows.Parent{Run: "r_1", Path: "call"}}
	want, _ := tr.Traceparent(parent, "call", 1)
	first, _ := tr.Traceparent(child, "get", 1)
	for i := range mostKnown {
		tr.Run(&flows.Run{ID: fmt.Sprint("r_other_", i)})
	}
	later, _ := tr.Traceparent(child, "get", 1)
	restarted := tracer(r, 1)
	after, _ := restarted.Traceparent(child, "get", 1)
	for when, got := range map[string]string{"at first": first, "later": later, "after a restart": after} {
		if got[:36] != want[:36] {
			t.Errorf("%s its trace is %s, want that of the other one, %s", when, got[:36], want[:36])
		}
	}
	tr.Close(context.Background())
	restarted.Close(context.Background())
}

func TestOnlyWhatIsAskedForIsSent(t *testing.T) {
	r := receive(t)
	tr := tracer(r, 0)
	for _, header := range []string{"", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "nonsense", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"} {
		run := &flows.Run{ID: "r_" + header, FlowName: "x", Created: at, Event: map[string]any{"headers": map[string]any{"traceparent": header}}}
		tr.Run(run).Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	}
	tr.Close(context.Background())
	if n := len(r.spans()); n != 0 {
		t.Errorf("%d spans were sent, want none", n)
	}
}

func TestAReceiverThatIsBusyIsAskedAgain(t *testing.T) {
	r := receive(t)
	r.refuse = 1
	tr := tracer(r, 1)
	run := &flows.Run{ID: "r_1", FlowName: "Orders", Created: at}
	tr.Run(run).Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	for deadline := time.Now().Add(10 * time.Second); len(r.spans()) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the span does not come")
		}
	}
	tr.Close(context.Background())
}

// Whoever calls an endpoint chooses the bytes of tracestate, and authors those of names: a
// receiver refuses a whole request for one string that is no UTF-8.
func TestTextThatIsNoUTF8IsSent(t *testing.T) {
	r := receive(t)
	tr := tracer(r, 1)
	headers := map[string]any{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=\xff"}
	run := &flows.Run{ID: "r_1", FlowID: "f_1", FlowName: "Orders \xff", Created: at, Event: map[string]any{"headers": headers}}
	w := tr.Run(run)
	w.Attempt(run, attempt("get", "http.get", &cards.Error{Code: "own\xff"}))
	w.Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	if _, state := tr.Traceparent(run, "get", 1); state != "" {
		t.Errorf("requests go out with the tracestate %q", state)
	}
	tr.Close(context.Background())
	if spans := r.spans(); len(spans) != 2 || spans["Orders \uFFFD"] == nil {
		t.Errorf("spans %v, want both", spans)
	}
}

// A redirect would have the spans asked for, not posted, and whatever page is there say
// that all is well.
func TestAReceiverThatHasMovedIsTold(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(page.Close)
	moved := httptest.NewServer(http.RedirectHandler(page.URL, http.StatusMovedPermanently))
	t.Cleanup(moved.Close)
	var said strings.Builder
	tr := New(Options{Endpoint: moved.URL + "/v1/traces?key=hunter2", Share: 1, Client: &http.Client{}, Log: slog.New(slog.NewTextHandler(&said, nil))})
	run := &flows.Run{ID: "r_1", FlowName: "Orders", Created: at}
	tr.Run(run).Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	tr.Close(context.Background())
	if sent, dropped := tr.Counts(); sent != 0 || dropped != 1 || !strings.Contains(said.String(), "301") {
		t.Errorf("%d sent, %d dropped; want it to be left out. The log: %s", sent, dropped, said.String())
	}
	if strings.Contains(said.String(), "hunter2") {
		t.Errorf("the log tells the key: %s", said.String())
	}
}

func TestTheLogDoesNotTellTheKeyOfAReceiverThatIsDown(t *testing.T) {
	down := httptest.NewServer(nil)
	down.Close()
	var said strings.Builder
	tr := New(Options{Endpoint: down.URL + "/v1/traces?key=hunter2", Share: 1, Client: &http.Client{}, Log: slog.New(slog.NewTextHandler(&said, nil))})
	run := &flows.Run{ID: "r_1", FlowName: "Orders", Created: at}
	tr.Run(run).Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	tr.Close(context.Background())
	if !strings.Contains(said.String(), "refused") || strings.Contains(said.String(), "hunter2") {
		t.Errorf("the log: %s", said.String())
	}
}

// A receiver that takes a request and not all of its spans says so in its answer.
func TestSpansThatAreRefusedAreCounted(t *testing.T) {
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refused := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 2)
		refused = protowire.AppendString(protowire.AppendTag(refused, 2, protowire.BytesType), "the quota is used up")
		w.Header().Set("Content-Type", "application/x-protobuf")
		_, _ = w.Write(protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), refused))
	}))
	t.Cleanup(r.Close)
	var said strings.Builder
	tr := New(Options{Endpoint: r.URL, Share: 1, Client: r.Client(), Log: slog.New(slog.NewTextHandler(&said, nil))})
	for _, id := range []string{"r_1", "r_2", "r_3"} {
		run := &flows.Run{ID: id, FlowName: "Orders", Created: at}
		tr.Run(run).Over(run, &flows.Outcome{Status: flows.Succeeded, At: at})
	}
	tr.Close(context.Background())
	if sent, dropped := tr.Counts(); sent != 1 || dropped != 2 || !strings.Contains(said.String(), "quota") {
		t.Errorf("%d sent, %d left out; want 1 and 2. The log: %s", sent, dropped, said.String())
	}
}
