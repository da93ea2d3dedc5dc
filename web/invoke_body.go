package web

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// bodyTime is how long a caller may take to send its body.
const bodyTime = 60 * time.Second

// sent is the body of a call: as it came, and as the flow sees it.
type sent struct {
	raw   string
	value any
	form  bool // it came as a form
}

// readBody reads the body of a call, at most limit bytes of it, and parses it
// by its content type, in a room that grows with it. What is wrong with it is a *refusal.
func readBody(w http.ResponseWriter, r *http.Request, limit int64, room *bodyPlace) (sent, error) {
	if r.ContentLength == 0 || r.Body == nil {
		return sent{}, nil
	}
	if r.ContentLength > limit {
		return sent{}, tooLarge(limit)
	}
	if enc := r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return sent{}, unsupported("Bodies in Content-Encoding "+enc+" are not taken. Send the body as it is.").
			with("Accept-Encoding", "identity")
	}
	data, err := readAll(w, r, limit, room)
	if err != nil {
		return sent{}, err
	}
	if len(data) == 0 {
		return sent{}, nil
	}
	if !utf8.Valid(data) {
		return sent{}, unsupported("The body is not text in UTF-8. Send JSON, a form, or text.")
	}
	kind := mediaType(r.Header.Get("Content-Type"))
	if len(data) >= smallBody && mayBeJSON(kind) && !room.grow(weight(data)) {
		return sent{}, overloaded()
	}
	return parseBody(kind, data)
}

func readAll(w http.ResponseWriter, r *http.Request, limit int64, room *bodyPlace) ([]byte, error) {
	// Without a deadline a caller could hold a connection by sending nothing; with it left
	// on, the server would take its passing for the caller's going away.
	rc := http.NewResponseController(w)
	if rc.SetReadDeadline(time.Now().Add(bodyTime)) == nil {
		defer func() { _ = rc.SetReadDeadline(time.Time{}) }()
	}
	data, err := room.read(http.MaxBytesReader(w, r.Body, limit), r.ContentLength, limit)
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge(limit)
	case errors.Is(err, errNoRoom):
		return nil, overloaded()
	case err != nil:
		return nil, (&refusal{Status: http.StatusBadRequest, Code: "incomplete_body", Title: "The body did not arrive whole",
			Detail: "The connection ended, or the body took longer than " + bodyTime.String() + "."}).with("Connection", "close")
	}
	return data, nil
}

// mediaType is what a Content-Type says of the body, without parameters.
func mediaType(contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(strings.ToLower(contentType), ";")
		kind = strings.TrimSpace(kind)
	}
	return kind
}

func isJSON(kind string) bool { return kind == "application/json" || strings.HasSuffix(kind, "+json") }

func mayBeJSON(kind string) bool { return kind == "" || isJSON(kind) }

// weight is about how many bytes JSON text and what it says take in memory: an object is
// many, however short it is written.
func weight(data []byte) int64 {
	return int64(len(data) + 64*bytes.Count(data, []byte{'{'}) + 16*bytes.Count(data, []byte{'['}) + 16*bytes.Count(data, []byte{','}))
}

func parseBody(kind string, data []byte) (sent, error) {
	var err error
	s := sent{raw: string(data)}
	switch {
	case isJSON(kind):
		s.value, err = parseJSON(data)
		return s, err
	case kind == "application/x-www-form-urlencoded":
		s.form = true
		form, err := url.ParseQuery(s.raw)
		if err != nil {
			return s, &refusal{Status: http.StatusBadRequest, Code: "malformed_form", Title: "The body is not a valid form",
				Detail: "Its Content-Type says application/x-www-form-urlencoded, but " + err.Error() + "."}
		}
		s.value = repeated(form)
	case kind == "":
		if v, err := parseJSON(data); err == nil {
			s.value = v
			return s, nil
		}
		s.value = s.raw
	default:
		s.value = s.raw
	}
	return s, nil
}

// malformedQuery refuses a query of which a part cannot be read: without it the rest would
// say something else.
func malformedQuery(err error) *refusal {
	return &refusal{Status: http.StatusBadRequest, Code: "malformed_query", Title: "The query of the address cannot be read", Detail: brokenQuery(err)}
}

func brokenQuery(err error) string {
	return strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + ". Write % as %25, & as %26 and ; as %3B."
}

// repeated returns a form or a query as an object: text, or a list for a name
// that was given more than once.
func repeated(q url.Values) map[string]any {
	out := make(map[string]any, len(q))
	for name, values := range q {
		if len(values) == 1 {
			out[name] = values[0]
			continue
		}
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		out[name] = list
	}
	return out
}

func unsupported(detail string) *refusal {
	return &refusal{Status: http.StatusUnsupportedMediaType, Code: "unsupported_body", Title: "The body cannot be read", Detail: detail}
}
