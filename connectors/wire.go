package connectors

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"flowdeck/cards/trace"
)

// userAgent is sent when a request names none.
const userAgent = "Flowdeck"

// wire is the last step before the socket: it checks where the request goes,
// masks what comes back and records the exchange in the context's trace.
type wire struct {
	base    http.RoundTripper
	guard   *Guard
	purpose string
	masks   func() *masker // nil: no secret is known
	// governor counts and slows down; nil: nobody does.
	governor  *governor
	elsewhere bool     // what the answer says about limits is another host's
	traffic   *Traffic // nil: it is not counted
}

// tokenWire is the wire to token endpoints: what is shown is masked with the
// context's masker, what comes back is not, for it is the secret.
type tokenWire struct{ wire }

func (w *tokenWire) RoundTrip(r *http.Request) (*http.Response, error) {
	m, _ := r.Context().Value(maskerKey{}).(*masker)
	return w.exchange(r, m, false)
}

type maskerKey struct{}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var m *masker
	if w.masks != nil {
		m = w.masks()
	}
	res, err := w.exchange(r, m, true)
	if err != nil {
		return nil, err
	}
	return shielded(unpacked(res), m), nil
}

// exchange sends r and records it, masked by m, when someone wants a record. Packed says
// that the answer may come packed in any way that can be unpacked here.
func (w *wire) exchange(r *http.Request, m *masker, packed bool) (*http.Response, error) {
	if err := w.guard.CheckURL(r.URL); err != nil {
		closeBody(r)
		return nil, err
	}
	ticket, err := w.governor.enter(r.Context())
	if err != nil {
		closeBody(r)
		return nil, err
	}
	res, err := w.counted(r, m, packed)
	if err != nil {
		ticket.leave()
		return nil, err
	}
	ticket.mute = w.elsewhere
	ticket.answered(res)
	return res, nil
}

// counted is send, counted.
func (w *wire) counted(r *http.Request, m *masker, packed bool) (*http.Response, error) {
	if w.traffic == nil {
		return w.send(r, m, packed)
	}
	began, status := time.Now(), 0
	res, err := w.send(r, m, packed)
	if err == nil {
		status = res.StatusCode
	}
	w.traffic.answered(status, time.Since(began))
	return res, err
}

func (w *wire) send(r *http.Request, m *masker, packed bool) (*http.Response, error) {
	plain, _ := w.base.(*sockets)
	if plain != nil && (!simple(r) || !packed && !named(r)) {
		plain = nil
	}
	if packed && plain == nil {
		r = accepting(r)
	}
	record := trace.From(r.Context())
	r = introduced(r, record)
	if record == nil {
		res, err := w.through(plain, r, nil)
		if err != nil {
			return nil, m.error(brokenOff(r.URL.Host, err))
		}
		return res, nil
	}
	x := begin(record, r, m, w.purpose, plain != nil)
	res, err := w.through(plain, x.request, x)
	if err != nil {
		err = m.error(brokenOff(r.URL.Host, err))
		x.failed(err)
		return nil, err
	}
	x.answered(res)
	return res, nil
}

// introduced is r with what a request has to say that did not say it.
func introduced(r *http.Request, record *trace.Trace) *http.Request {
	_, named := r.Header["User-Agent"]
	traced := record == nil || record.Parent == "" || r.Header["Traceparent"] != nil
	if named && traced {
		return r
	}
	r = copied(r)
	if !named {
		r.Header["User-Agent"] = []string{userAgent}
	}
	if !traced {
		r.Header["Traceparent"] = []string{record.Parent}
		if record.State != "" {
			r.Header["Tracestate"] = []string{record.State}
		}
	}
	return r
}

// through sends r by a socket of ours, or by net/http's transport.
func (w *wire) through(plain *sockets, r *http.Request, x *exchange) (*http.Response, error) {
	if plain != nil {
		return plain.exchange(r, x)
	}
	if x != nil {
		r = x.watched()
	}
	return w.base.RoundTrip(once(r))
}

// accepting is r with the packings that can be unpacked here, when it does not name any itself.
func accepting(r *http.Request) *http.Request {
	if r.Header["Accept-Encoding"] != nil || r.Header["Range"] != nil || r.Method == http.MethodHead {
		return r
	}
	r = copied(r)
	r.Header["Accept-Encoding"] = []string{acceptEncoding}
	return r
}

// copied is r with headers that may be changed.
func copied(r *http.Request) *http.Request {
	other := *r
	other.Header = make(http.Header, len(r.Header)+2)
	for name, values := range r.Header {
		other.Header[name] = values[:len(values):len(values)]
	}
	return &other
}

// shielded masks what flows receive.
// Where a redirect leads stays as it is: the client has to go there.
func shielded(res *http.Response, m *masker) *http.Response {
	if m == nil {
		return res
	}
	location := res.Header.Get("Location")
	m.clean(res.Header)
	if location != "" && followed(res.StatusCode, location) {
		res.Header.Set("Location", location)
	}
	res.Body = m.reader(res.Body)
	return res
}

// followed reports whether clients go where an answer sends them.
func followed(status int, location string) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		_, err := url.Parse(location) // else it stands in the client's error
		return err == nil
	}
	return false
}

// headerList writes headers for people to read, in a fixed order.
func headerList(h http.Header, m *masker, first ...[2]string) [][2]string {
	list := append(make([][2]string, 0, len(first)+len(h)+1), first...)
	for _, name := range sortedNames(h) {
		for _, v := range h[name] {
			list = append(list, [2]string{name, m.header(name, v)})
		}
	}
	return list
}

func contentLength(r *http.Request) (string, bool) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength <= 0 {
		return "", false
	}
	return strconv.FormatInt(r.ContentLength, 10), true
}
