package trace

import (
	"encoding/json"
	"strconv"
	"strings"
)

// MarshalJSON writes what was recorded so far; a transport may still be recording.
func (t *Trace) MarshalJSON() ([]byte, error) { return t.AppendJSON(nil), nil }

// AppendJSON is MarshalJSON at the end of b. Every attempt that touched the world
// has a trace, so it is written by hand.
func (t *Trace) AppendJSON(b []byte) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := writer{append(b, '{')}
	if len(t.Exchanges) > 0 {
		w.key("exchanges")
		w.b = append(w.b, '[')
		for i := range t.Exchanges {
			w.comma('[')
			w.exchange(&t.Exchanges[i])
		}
		w.b = append(w.b, ']')
	}
	if len(t.Log) > 0 {
		w.key("log")
		w.b = append(w.b, '[')
		for i := range t.Log {
			w.comma('[')
			w.line(&t.Log[i])
		}
		w.b = append(w.b, ']')
	}
	return append(w.b, '}')
}

// AppendOutline is AppendJSON without what was in requests and answers: of each exchange
// its method, address without a query, status, sizes and times, and no log.
func (t *Trace) AppendOutline(b []byte) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.Exchanges) == 0 {
		return b
	}
	w := writer{append(b, `{"exchanges":[`...)}
	for i := range t.Exchanges {
		x := t.Exchanges[i]
		x.URL, _, _ = strings.Cut(x.URL, "?")
		x.RequestHeaders, x.RequestBody, x.ResponseHeaders = nil, "", nil
		w.comma('[')
		w.exchange(&x)
	}
	return append(w.b, `]}`...)
}

// writer appends JSON, without the fields that are empty.
type writer struct{ b []byte }

func (w *writer) exchange(x *Exchange) {
	w.b = append(w.b, `{"method":`...)
	w.quote(x.Method)
	w.b = append(w.b, `,"url":`...)
	w.quote(x.URL)
	w.headers("request_headers", x.RequestHeaders)
	w.text("request_body", x.RequestBody)
	w.number("request_size", x.RequestSize)
	w.number("status", int64(x.Status))
	w.text("proto", x.Proto)
	w.headers("response_headers", x.ResponseHeaders)
	w.number("response_size", x.ResponseSize)
	w.text("address", x.Address)
	w.flag("reused", x.Reused)
	w.text("purpose", x.Purpose)
	w.text("error", x.Error)
	w.key("at")
	w.b = strconv.AppendInt(w.b, x.At, 10)
	w.number("dns", x.DNS)
	w.number("connect", x.Connect)
	w.number("tls", x.TLS)
	w.number("wait", x.Wait)
	w.number("download", x.Download)
	w.number("total", x.Total)
	w.b = append(w.b, '}')
}

func (w *writer) line(l *Line) {
	w.b = append(w.b, `{"at":`...)
	w.b = strconv.AppendInt(w.b, l.At, 10)
	w.b = append(w.b, `,"text":`...)
	w.quote(l.Text)
	w.flag("bad", l.Bad)
	w.b = append(w.b, '}')
}

// comma separates from what came before, when something did.
func (w *writer) comma(open byte) {
	if w.b[len(w.b)-1] != open {
		w.b = append(w.b, ',')
	}
}

func (w *writer) key(name string) {
	w.comma('{')
	w.b = append(append(append(w.b, '"'), name...), `":`...)
}

func (w *writer) text(name, s string) {
	if s != "" {
		w.key(name)
		w.quote(s)
	}
}

func (w *writer) number(name string, n int64) {
	if n != 0 {
		w.key(name)
		w.b = strconv.AppendInt(w.b, n, 10)
	}
}

func (w *writer) flag(name string, set bool) {
	if set {
		w.key(name)
		w.b = append(w.b, "true"...)
	}
}

func (w *writer) headers(name string, list [][2]string) {
	if len(list) == 0 {
		return
	}
	w.key(name)
	w.b = append(w.b, '[')
	for _, h := range list {
		w.comma('[')
		w.b = append(w.b, '[')
		w.quote(h[0])
		w.b = append(w.b, ',')
		w.quote(h[1])
		w.b = append(w.b, ']')
	}
	w.b = append(w.b, ']')
}

func (w *writer) quote(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			escaped, _ := json.Marshal(s) // text is always JSON
			w.b = append(w.b, escaped...)
			return
		}
	}
	w.b = append(append(append(w.b, '"'), s...), '"')
}
