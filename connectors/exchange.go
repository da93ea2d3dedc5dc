package connectors

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"sync"
	"time"

	"flowdeck/cards/trace"
)

// exchange measures one request and its answer. The transport calls its hooks
// from goroutines of its own, some of them after the request is over, so they
// only write here, and what is known goes to the trace when headers and body end.
type exchange struct {
	request *http.Request
	trace   *trace.Trace
	index   int
	masks   *masker
	start   time.Time
	body    *recordedBody

	mu                                  sync.Mutex
	dnsStart, dnsDone                   time.Time
	connectStart, connectDone           time.Time
	tlsStart, tlsDone, wrote, firstByte time.Time
	reused                              bool
	address                             string
}

// begin notes a request; adds says that its socket adds which packings are taken.
func begin(t *trace.Trace, r *http.Request, m *masker, purpose string, adds bool) *exchange {
	x := &exchange{trace: t, masks: m, start: time.Now()}
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	first := [][2]string{{"Host", host}}
	if n, ok := contentLength(r); ok {
		first = append(first, [2]string{"Content-Length", n})
	}
	headers := headerList(r.Header, m, first...)
	if adds && !named(r) {
		at := len(first)
		for at < len(headers) && headers[at][0] < "Accept-Encoding" {
			at++
		}
		headers = slices.Insert(headers, at, [2]string{"Accept-Encoding", acceptEncoding})
	}
	x.index = t.Add(trace.Exchange{Method: r.Method, URL: m.url(r.URL), Purpose: purpose, At: x.start.UnixMicro(), RequestHeaders: headers})
	x.request = r
	if r.Body != nil && r.Body != http.NoBody {
		x.body = &recordedBody{ReadCloser: r.Body}
		x.request = r.WithContext(r.Context())
		x.request.Body = x.body
	}
	return x
}

// connected notes the socket that is used, and sent that the request is written.
func (x *exchange) connected(address string, reused bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.address, x.reused = address, reused
}

func (x *exchange) sent() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.wrote = time.Now()
}

// begun notes the first byte of an answer.
func (x *exchange) begun() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.firstByte = time.Now()
}

// watched is the request for a transport that tells of it by hooks.
func (x *exchange) watched() *http.Request {
	return x.request.WithContext(httptrace.WithClientTrace(x.request.Context(), x.hooks()))
}

func (x *exchange) hooks() *httptrace.ClientTrace {
	now := func(at *time.Time) { x.mu.Lock(); *at = time.Now(); x.mu.Unlock() }
	return &httptrace.ClientTrace{
		DNSStart:             func(httptrace.DNSStartInfo) { now(&x.dnsStart) },
		DNSDone:              func(httptrace.DNSDoneInfo) { now(&x.dnsDone) },
		ConnectStart:         func(string, string) { now(&x.connectStart) },
		ConnectDone:          func(_, _ string, _ error) { now(&x.connectDone) },
		TLSHandshakeStart:    func() { now(&x.tlsStart) },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { now(&x.tlsDone) },
		WroteRequest:         func(httptrace.WroteRequestInfo) { x.sent() },
		GotFirstResponseByte: x.begun,
		Got1xxResponse:       x.interim(),
		GotConn: func(c httptrace.GotConnInfo) {
			address := ""
			if a := c.Conn.RemoteAddr(); a != nil {
				address = a.String()
			}
			x.connected(address, c.Reused)
		},
	}
}

// maxInterim is how many interim answers (RFC 9110 section 15.2) may come before one that counts.
const maxInterim = 100

// interim counts interim answers: the transport leaves that to whoever looks at them.
func (x *exchange) interim() func(int, textproto.MIMEHeader) error {
	left := maxInterim
	return func(int, textproto.MIMEHeader) error {
		if left--; left < 0 {
			return errInterim
		}
		return nil
	}
}

var errInterim = errors.New("net/http: too many 1xx informational responses")

// note writes what is known so far.
func (x *exchange) note(e *trace.Exchange) {
	x.mu.Lock()
	defer x.mu.Unlock()
	e.DNS, e.Connect, e.TLS = span(x.dnsStart, x.dnsDone), span(x.connectStart, x.connectDone), span(x.tlsStart, x.tlsDone)
	if x.reused {
		e.DNS, e.Connect, e.TLS = 0, 0, 0 // of a socket dialled in vain
	}
	e.Wait, e.Reused, e.Address = span(x.wrote, x.firstByte), x.reused, x.address
	if !x.firstByte.IsZero() && e.Wait == 0 {
		e.Wait = 1 // the answer was read before the hook of the request's end had run
	}
	e.Total = time.Since(x.start).Microseconds()
	if x.body != nil {
		e.RequestBody, e.RequestSize = x.body.recorded(x.masks)
	}
}

func (x *exchange) failed(err error) {
	e := x.trace.Edit(x.index)
	x.note(e)
	e.Error = x.masks.text(err.Error())
	x.trace.Edited()
}

func (x *exchange) answered(res *http.Response) {
	e := x.trace.Edit(x.index)
	x.note(e)
	e.Status, e.Proto, e.ResponseHeaders = res.StatusCode, res.Proto, headerList(res.Header, x.masks)
	x.trace.Edited()
	res.Body = &countedBody{ReadCloser: res.Body, exchange: x, began: time.Now()}
}

func span(from, to time.Time) int64 {
	if from.IsZero() || to.Before(from) {
		return 0
	}
	return max(to.Sub(from).Microseconds(), 1)
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
