package web

import (
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// writeResult answers with Close's response, else Return's output, else the run's id.
func writeResult(w http.ResponseWriter, method, id string, result flows.Result) error {
	switch {
	case result.Response != nil:
		return writeResponse(w, method, *result.Response)
	case result.Outcome == nil:
		return fmt.Errorf("run %s ended its wait without a result", id)
	case result.Outcome.Status != flows.Succeeded:
		return failedRun(id, result.Outcome)
	case result.Outcome.Output != nil:
		return writeJSON(w, method, http.StatusOK, result.Outcome.Output)
	}
	return writeJSON(w, method, http.StatusOK, schema.Values{"run": id})
}

// writeLater tells a caller who has waited long enough where to ask.
func writeLater(w http.ResponseWriter, id string) error {
	address := "/api/runs/" + id
	w.Header().Set("Location", address)
	w.Header().Set("Retry-After", "1")
	return writeJSON(w, "", http.StatusAccepted, schema.Values{"run": id, "status": string(flows.Running), "location": address})
}

// failedRun says that a run failed, and not why: causes are for the flow's authors.
func failedRun(id string, o *flows.Outcome) *refusal {
	r := &refusal{Status: http.StatusInternalServerError, Code: "run_failed", Title: "The flow failed", Run: id}
	switch {
	case o.Status == flows.Cancelled:
		r.Code, r.Title = "run_cancelled", "The flow was stopped before it answered"
	case o.Error != nil && o.Error.Answer > 0: // the author's own words, for the caller
		r.Status, r.Code, r.Title = o.Error.Answer, o.Error.Code, o.Error.Message
	case o.Error != nil && upstream(o.Error.Code):
		r.Status, r.Code, r.Title = http.StatusBadGateway, "upstream_failed", "A service that the flow calls failed"
	}
	return r
}

// upstream reports whether an error of that code is another service's doing.
func upstream(code string) bool {
	switch cards.ClassOf(code) {
	case cards.CodeTimeout, cards.CodeDNS, cards.CodeConnect, cards.CodeTLS, cards.CodeReset, cards.CodeSignIn,
		cards.CodeInvalidResponse, cards.CodeTooLarge:
		return true
	}
	return strings.HasPrefix(code, "http_")
}

// connectionHeaders belong to the connection between caller and server, or are
// ours to compute, so a flow cannot set them.
var connectionHeaders = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true, "Proxy-Connection": true,
	"Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true, "Content-Length": true, "Date": true,
	// these would speak for the whole site, which is not the flow's
	"Clear-Site-Data": true, "Strict-Transport-Security": true, "Service-Worker-Allowed": true, "Alt-Svc": true,
	"Nel": true, "Report-To": true, "Reporting-Endpoints": true, "Accept-Ch": true,
}

// corsHeaders begin with this. Which pages may call is the settings' to say.
const corsHeaders = "Access-Control-"

// writeResponse sends what Close said.
func writeResponse(w http.ResponseWriter, method string, res flows.Response) error {
	h := w.Header()
	for name, values := range res.Headers {
		name = textproto.CanonicalMIMEHeaderKey(name)
		if connectionHeaders[name] || strings.HasPrefix(name, corsHeaders) || !isToken(name) {
			continue
		}
		for i, v := range values {
			v = oneLine(v)
			if name == "Set-Cookie" {
				if !ownCookie(v) {
					h.Add(name, v)
				}
				continue
			}
			if i == 0 && name != "Vary" {
				h.Set(name, v)
				continue
			}
			h.Add(name, v)
		}
	}
	if res.Status < 200 || res.Status > 599 {
		res.Status = http.StatusOK
	}
	if res.Status == http.StatusNoContent || res.Status == http.StatusNotModified {
		h.Del("Content-Type")
		w.WriteHeader(res.Status)
		return nil
	}
	text, isText := res.Body.(string)
	switch {
	case res.File:
		sandbox(h)
		if writeFile(w, method, res.Status, res.Body) {
			return nil
		}
		return fmt.Errorf("the answer is to be a file, and is none")
	case res.Body == nil:
		return writeBody(w, method, res.Status, nil)
	case isText:
		if h.Get("Content-Type") == "" {
			h.Set("Content-Type", "text/plain; charset=utf-8")
		}
		sandbox(h)
		return writeText(w, method, res.Status, text)
	}
	if res.Encoded == nil {
		return writeJSON(w, method, res.Status, res.Body)
	}
	return writeEncoded(w, method, res.Status, res.Encoded)
}

// ownCookie reports whether a flow's cookie would take the place of a session of
// ours, as whoever signs other people in to their own account would have it.
func ownCookie(v string) bool {
	pair, _, _ := strings.Cut(v, ";")
	name, value, _ := strings.Cut(pair, "=")
	if strings.TrimSpace(name) == "" { // it is sent as its value alone, which may hold another =
		name, _, _ = strings.Cut(value, "=")
	}
	name = strings.TrimSpace(name)
	return name == "flowdeck" || name == "__Host-flowdeck"
}

// Headers that are the same of most answers; they may not be changed.
var (
	nosniff  = []string{"nosniff"}
	jsonType = []string{"application/json"}
)

// sandbox keeps a document that a flow answers with from acting as one of our
// pages: endpoints share their origin, and flows may repeat what a caller sent.
func sandbox(h http.Header) {
	h["X-Content-Type-Options"] = nosniff
	if !shownAsText(h["Content-Type"]) {
		h.Add("Content-Security-Policy", "sandbox allow-downloads allow-forms allow-popups allow-scripts")
	}
}

// shownAsText reports whether browsers show an answer of this type as text. Of
// several types, or a list of them, they take the last one, so only one counts.
func shownAsText(types []string) bool {
	if len(types) != 1 || strings.Contains(types[0], ",") {
		return false
	}
	kind, _, _ := strings.Cut(types[0], ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "text/plain" || kind == "application/json" || strings.HasSuffix(kind, "+json")
}

func writeJSON(w http.ResponseWriter, method string, status int, v any) error {
	if schema.Exceeds(v, streamFrom) {
		jsonHeaders(w.Header())
		streamJSON(w, method, status, v)
		return nil
	}
	body, err := schema.EncodeJSON(v)
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return writeEncoded(w, method, status, body)
}

func jsonHeaders(h http.Header) {
	if h.Get("Content-Type") == "" {
		h["Content-Type"] = jsonType
	}
	sandbox(h)
}

// writeEncoded answers with JSON.
func writeEncoded(w http.ResponseWriter, method string, status int, body []byte) error {
	jsonHeaders(w.Header())
	return writeBody(w, method, status, append(body[:len(body):len(body)], '\n'))
}

func writeBody(w http.ResponseWriter, method string, status int, body []byte) error {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if method != http.MethodHead && len(body) > 0 {
		_, _ = w.Write(body) // a caller that went away is nobody's problem
	}
	return nil
}

// writeText sends a text without copying it.
func writeText(w http.ResponseWriter, method string, status int, text string) error {
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	if method != http.MethodHead && text != "" {
		_, _ = io.WriteString(w, text) // a caller that went away is nobody's problem
	}
	return nil
}

// isToken reports whether a header may have that name.
func isToken(name string) bool {
	for _, c := range []byte(name) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return name != ""
}

func oneLine(v string) string {
	if !strings.ContainsAny(v, "\r\n\x00") {
		return v
	}
	return strings.Map(func(c rune) rune {
		if c == '\r' || c == '\n' || c == 0 {
			return ' '
		}
		return c
	}, v)
}
