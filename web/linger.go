package web

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// What is read of a body that nobody wants: enough for most callers to finish sending.
const (
	lingerBytes = 16 << 20
	lingerTime  = 3 * time.Second
)

// boundedBody gives the first part of a body; all is what lies behind it.
type boundedBody struct {
	io.ReadCloser
	all io.Reader
}

// linger reads the rest of a body that is refused. Closing a connection that the caller
// still writes to would reset it, and the caller would see a broken pipe instead of the
// reason. A caller that asked whether to send (RFC 9110, section 10.1.1) is told the answer.
func linger(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.ContentLength == 0 || strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
		return
	}
	var body io.Reader = r.Body
	if b, ok := body.(boundedBody); ok {
		body = b.all
	}
	rc := http.NewResponseController(w)
	if rc.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, body, lingerBytes)
	_ = rc.SetReadDeadline(time.Time{})
}
