// Package har writes what went over the wire as an HTTP Archive, version 1.2, which
// the developer tools of browsers and many others read.
//
// It writes what was recorded, masked as it was recorded, and sees no secret. An
// archive is written entry by entry: its size is bounded by nothing but the run.
package har

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"flowdeck/cards/trace"
)

// Attempt is one attempt at a card: a page of the archive.
type Attempt struct {
	ID, Title string
	Started   time.Time
	Trace     *trace.Trace
	// Body is the body of the last answer as the card understood it, as text; Comment
	// says what it lacks.
	Body, Comment string
}

// Writer writes an archive. Close ends it.
type Writer struct {
	w       io.Writer
	pages   []page
	entries int
	err     error
}

// New begins an archive of which creator, with its version, is the maker.
func New(w io.Writer, creator, version string) *Writer {
	x := &Writer{w: w}
	x.text(`{"log":{"version":"1.2","creator":`)
	x.json(named{creator, version})
	x.text(`,"entries":[`)
	return x
}

// Add writes the exchanges of an attempt.
func (x *Writer) Add(a Attempt) {
	x.pages = append(x.pages, page{Started: stamp(a.Started), ID: a.ID, Title: a.Title, Timings: pageTimings{OnLoad: -1, OnContentLoad: -1}})
	if a.Trace == nil {
		return
	}
	for i, e := range a.Trace.Exchanges {
		if x.entries > 0 {
			x.text(",")
		}
		x.entries++
		x.text("\n")
		x.json(entryOf(a, e, i == len(a.Trace.Exchanges)-1))
	}
}

// Close writes the pages and the end of the archive. The error is the first of any write.
func (x *Writer) Close() error {
	x.text("\n],\"pages\":")
	if x.pages == nil {
		x.pages = []page{}
	}
	x.json(x.pages)
	x.text("}}\n")
	return x.err
}

func (x *Writer) text(s string) {
	if x.err == nil {
		_, x.err = io.WriteString(x.w, s)
	}
}

func (x *Writer) json(v any) {
	b, err := json.Marshal(v)
	if x.err == nil {
		x.err = err
	}
	x.text(string(b))
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// milliseconds of µs; -1 means that it does not apply.
func milliseconds(n int64) float64 { return float64(n) / 1000 }

func known(n int64) float64 {
	if n <= 0 {
		return -1
	}
	return milliseconds(n)
}

func entryOf(a Attempt, e trace.Exchange, last bool) entry {
	x := entry{Page: a.ID, Started: stamp(time.UnixMicro(e.At)), Request: requestOf(e), Response: responseOf(a, e, last), Cache: struct{}{}}
	x.Timings = timingsOf(e)
	for _, part := range []float64{x.Timings.Blocked, x.Timings.DNS, x.Timings.Connect, x.Timings.Send, x.Timings.Wait, x.Timings.Receive} {
		x.Time += max(part, 0)
	}
	if host, _, ok := strings.Cut(e.Address, ":"); ok && !strings.HasPrefix(e.Address, "[") {
		x.Server = host
	} else if i := strings.LastIndex(e.Address, "]"); i > 0 {
		x.Server = e.Address[1:i]
	}
	var words []string
	if e.Purpose != "" {
		words = append(words, e.Purpose)
	}
	if e.Error != "" {
		words = append(words, e.Error)
	}
	x.Comment = strings.Join(words, ": ")
	return x
}

// timingsOf lays the phases out; connect holds the TLS handshake too, as HAR has it.
// What no phase explains is time in a queue.
func timingsOf(e trace.Exchange) timings {
	t := timings{DNS: known(e.DNS), Connect: -1, SSL: known(e.TLS), Wait: milliseconds(e.Wait), Receive: milliseconds(e.Download)}
	if e.Connect+e.TLS > 0 {
		t.Connect = milliseconds(e.Connect + e.TLS)
	}
	rest := e.Total - e.DNS - e.Connect - e.TLS - e.Wait - e.Download
	if e.Wait == 0 && e.Status == 0 { // no answer came: all there was was waiting
		t.Wait, rest = milliseconds(max(rest, 0)), 0
	}
	t.Blocked = known(rest)
	return t
}

func requestOf(e trace.Exchange) request {
	r := request{Method: e.Method, URL: e.URL, Version: version(e.Proto), Cookies: []cookie{}, Headers: headersOf(e.RequestHeaders),
		Query: []pair{}, HeadersSize: -1, BodySize: e.RequestSize}
	if u, err := url.Parse(e.URL); err == nil && u.RawQuery != "" {
		for _, part := range strings.Split(u.RawQuery, "&") {
			name, value, _ := strings.Cut(part, "=")
			r.Query = append(r.Query, pair{unescaped(name), unescaped(value)})
		}
	}
	if e.RequestBody != "" || e.RequestSize > 0 {
		r.Post = &post{Type: header(e.RequestHeaders, "Content-Type"), Params: []param{}, Text: e.RequestBody}
		if media, _, _ := mime.ParseMediaType(r.Post.Type); media == "application/x-www-form-urlencoded" {
			for _, part := range strings.Split(e.RequestBody, "&") {
				name, value, _ := strings.Cut(part, "=")
				r.Post.Params = append(r.Post.Params, param{Name: unescaped(name), Value: unescaped(value)})
			}
		}
		if e.RequestSize > 64<<10 {
			r.Post.Comment = "only the beginning is kept"
		}
	}
	return r
}

func responseOf(a Attempt, e trace.Exchange, last bool) response {
	r := response{Status: e.Status, StatusText: http.StatusText(e.Status), Version: version(e.Proto), Cookies: []cookie{}, Headers: headersOf(e.ResponseHeaders),
		Redirect: header(e.ResponseHeaders, "Location"), HeadersSize: -1, BodySize: e.ResponseSize}
	if e.Status == 0 {
		r.BodySize = -1
	}
	r.Content = content{Size: e.ResponseSize, Type: header(e.ResponseHeaders, "Content-Type")}
	if r.Content.Type == "" {
		r.Content.Type = "x-unknown"
	}
	if !last || a.Body == "" {
		return r
	}
	r.Content.Text, r.Content.Comment = a.Body, a.Comment
	if _, err := base64.StdEncoding.DecodeString(a.Body); err == nil && binary(r.Content.Type) {
		r.Content.Encoding = "base64"
	}
	return r
}

// binary reports whether a media type is surely not text.
func binary(kind string) bool {
	media, _, _ := mime.ParseMediaType(kind)
	main, _, _ := strings.Cut(media, "/")
	return main == "image" && media != "image/svg+xml" || main == "audio" || main == "video" || main == "font" ||
		media == "application/octet-stream" || media == "application/pdf" || media == "application/zip" || media == "application/gzip"
}

func version(proto string) string {
	if proto == "" {
		return "unknown"
	}
	return proto
}

func headersOf(list [][2]string) []pair {
	all := make([]pair, len(list))
	for i, h := range list {
		all[i] = pair{h[0], h[1]}
	}
	return all
}

func header(list [][2]string, name string) string {
	for _, h := range list {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
