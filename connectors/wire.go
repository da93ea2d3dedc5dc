package connectors

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

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
}

// tokenWire is the wire to token endpoints: what is shown is masked with the
// context's masker, what comes back is not, for it is the secret.
type tokenWire struct{ wire }

func (w *tokenWire) RoundTrip(r *http.Request) (*http.Response, error) {
	m, _ := r.Context().Value(maskerKey{}).(*masker)
	return w.exchange(r, m)
}

type maskerKey struct{}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var m *masker
	if w.masks != nil {
		m = w.masks()
	}
	res, err := w.exchange(r, m)
	if err != nil {
		return nil, err
	}
	return shielded(res, m), nil
}

// exchange sends r and records it, masked by m, when someone wants a record.
func (w *wire) exchange(r *http.Request, m *masker) (*http.Response, error) {
	if err := w.guard.CheckURL(r.URL); err != nil {
		closeBody(r)
		return nil, err
	}
	if _, set := r.Header["User-Agent"]; !set {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", userAgent)
	}
	record := trace.From(r.Context())
	if record == nil {
		return w.base.RoundTrip(r)
	}
	x := begin(record, r, m, w.purpose)
	res, err := w.base.RoundTrip(x.request)
	if err != nil {
		x.failed(err)
		return nil, err
	}
	x.answered(res)
	return res, nil
}

// shielded masks what flows receive. A body that comes packed is unpacked for that.
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
	if packing := strings.ToLower(strings.TrimSpace(res.Header.Get("Content-Encoding"))); (packing == "gzip" || packing == "x-gzip") && res.ContentLength != 0 {
		res.Body, res.ContentLength, res.Uncompressed = &unpacking{packed: res.Body}, -1, true
		res.Header.Del("Content-Encoding")
		res.Header.Del("Content-Length")
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

// unpacking reads a body that was packed with gzip, from the first read on.
type unpacking struct {
	packed io.ReadCloser
	plain  *gzip.Reader
}

func (u *unpacking) Read(p []byte) (n int, err error) {
	if u.plain == nil {
		if u.plain, err = gzip.NewReader(u.packed); err != nil {
			return 0, err
		}
	}
	return u.plain.Read(p)
}

func (u *unpacking) Close() error { return u.packed.Close() }

// headerList writes headers for people to read, in a fixed order.
func headerList(h http.Header, m *masker, first ...[2]string) [][2]string {
	list := first
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
