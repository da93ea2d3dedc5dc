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

func begin(t *trace.Trace, r *http.Request, m *masker, purpose string) *exchange {
	x := &exchange{trace: t, masks: m, start: time.Now()}
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	first := [][2]string{{"Host", host}}
	if n, ok := contentLength(r); ok {
		first = append(first, [2]string{"Content-Length", n})
	}
	x.index = t.Add(trace.Exchange{Method: r.Method, URL: m.url(r.URL), Purpose: purpose, At: x.start.UnixMicro(),
		RequestHeaders: headerList(r.Header, m, first...)})
	x.request = r.WithContext(httptrace.WithClientTrace(r.Context(), x.hooks()))
	if r.Body != nil && r.Body != http.NoBody {
		x.body = &recordedBody{ReadCloser: r.Body}
		x.request.Body = x.body
	}
	return x
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
		WroteRequest:         func(httptrace.WroteRequestInfo) { now(&x.wrote) },
		GotFirstResponseByte: func() { now(&x.firstByte) },
		Got1xxResponse:       x.interim(),
		GotConn: func(c httptrace.GotConnInfo) {
			x.mu.Lock()
			defer x.mu.Unlock()
			x.reused = c.Reused
			if a := c.Conn.RemoteAddr(); a != nil {
				x.address = a.String()
			}
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
	x.trace.Update(x.index, func(e *trace.Exchange) {
		x.note(e)
		e.Error = x.masks.text(err.Error())
	})
}

func (x *exchange) answered(res *http.Response) {
	x.trace.Update(x.index, func(e *trace.Exchange) {
		x.note(e)
		e.Status, e.Proto, e.ResponseHeaders = res.StatusCode, res.Proto, headerList(res.Header, x.masks)
	})
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
