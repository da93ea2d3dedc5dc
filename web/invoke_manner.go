package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"flowdeck/flows"
)

// keysKept is how long a caller's Idempotency-Key is remembered.
const keysKept = 24 * time.Hour

// manner is how a caller wants to be served.
type manner struct {
	async bool          // not to wait: RFC 7240, or as the flow is set
	wait  time.Duration // how long to wait at most; 0: as long as the flow says
	once  *flows.Once   // of a caller's Idempotency-Key
	asked bool          // not to wait is what the caller asked for
}

// asks is how a caller with these Prefer headers waits, as far as the flow lets it.
func (ep *endpoint) asks(prefer []string) manner {
	m := manner{async: ep.Settings.Async}
	if len(prefer) > 0 {
		p := preferred(prefer)
		m.asked = p.async
		if !m.async { // where nobody waits, nobody does by asking for it
			m.async, m.wait = p.async, p.wait
		}
	}
	return m
}

// manner reads how a call is to be served. Nearly every call says nothing of it.
func (ep *endpoint) manner(r *http.Request, who caller, query url.Values, body sent, now time.Time) (manner, error) {
	m, keys := ep.asks(r.Header["Prefer"]), r.Header["Idempotency-Key"]
	if len(keys) == 0 || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return m, nil
	}
	key := strings.Trim(strings.TrimSpace(keys[0]), `"`)
	if len(keys) > 1 || key == "" || len(key) > 255 || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }) {
		return m, &refusal{Status: http.StatusBadRequest, Code: "invalid_idempotency_key", Title: "The Idempotency-Key cannot be used",
			Detail: "Send one Idempotency-Key of 1 to 255 printable characters, such as a UUID."}
	}
	asked := url.Values{}
	for name, values := range query {
		if name != clientTokenQuery {
			asked[name] = values
		}
	}
	m.once = &flows.Once{Kind: flows.OnceKey, Name: digest(who.level, who.client, who.subject, who.issuer, key),
		Request: digest(r.Method, asked.Encode(), body.raw), Expires: now.Add(keysKept)}
	return m, nil
}

// digest is the SHA-256 of texts, kept apart from each other.
func digest(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		_, _ = h.Write([]byte(strconv.Itoa(len(t)) + ":" + t)) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

// atOnce reports whether the caller is answered before the run has done anything.
func (m manner) atOnce() bool { return m.async && m.wait == 0 }
