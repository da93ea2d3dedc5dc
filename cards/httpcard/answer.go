package httpcard

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

const (
	maxAnswer = 10 * mib // of a body that a card puts out, unless it says otherwise
	maxKept   = 64 << 10 // of a body that an error keeps
)

// answer is what came back.
type answer struct {
	host    string
	url     *url.URL // that it came from, after redirects
	status  int
	raw     http.Header
	headers map[string]any
	media   media
	data    []byte
	cut     bool     // there was more than data
	noted   []string // what there is to say about it, for the trace
}

func answerOf(host string, res *http.Response) *answer {
	a := &answer{host: host, status: res.StatusCode, raw: res.Header, headers: headersOf(res.Header), media: mediaOf(res.Header.Get("Content-Type"))}
	if res.Request != nil {
		a.url = res.Request.URL
	}
	return a
}

func (a *answer) ok() bool { return a.status >= 200 && a.status <= 299 }

// value is the body as a value. Automatic: parsed when it is JSON, else text, else
// Base64, and nil when there is none.
func (a *answer) value(as string) (any, error) {
	blank := len(bytes.TrimSpace(a.data)) == 0
	switch {
	case as == "file":
		return a.file(), nil
	case len(a.data) == 0, blank && (a.media.isJSON || as == "json"):
		return nil, nil
	}
	s, err := a.media.text(a.data)
	if err != nil {
		if as != "text" && as != "json" && !a.media.isText() && a.media.charset == "" || !a.ok() {
			return a.written(), nil
		}
		return nil, a.detail(&cards.Error{Code: cards.CodeBadText, Message: a.host + " sent text that cannot be read: " + err.Error(), Err: err})
	}
	isJSON := a.media.isJSON || as == "json"
	if as == "text" || !isJSON && !a.media.mayBeJSON(s) {
		return s, nil
	}
	v, repeated, err := schema.ReadJSON(s)
	for _, key := range repeated {
		a.noted = append(a.noted, "the answer repeats the key "+fmt.Sprintf("%q", key)+"; the last one counts")
	}
	switch {
	case err == nil:
		return v, nil
	case isJSON && a.ok():
		return nil, a.noJSON(s, err)
	}
	return s, nil
}

// noJSON is the error of a body that should be JSON. What stands around the place is
// in its details.
func (a *answer) noJSON(s string, err error) error {
	e := &cards.Error{Code: cards.CodeBadJSON, Message: fmt.Sprintf("%s said that it sends JSON, but at %v", a.host, err), Err: err}
	if !a.media.isJSON {
		e.Message = fmt.Sprintf("%s did not send JSON: at %v", a.host, err)
	}
	var wrong *schema.JSONError
	if errors.As(err, &wrong) {
		if wrong.TooDeep {
			e.Code = cards.CodeTooDeep
		}
		a.detail(e).Details["near"] = around(s, wrong.Offset)
	}
	return e
}

// around is a little of s on both sides of a place.
func around(s string, at int) string {
	const side = 40
	from, to := max(at-side, 0), min(at+side, len(s))
	return strings.ToValidUTF8(s[from:to], "")
}

// file is the body as a file, named as the server says, or as its address ends; nil
// where there can be none.
func (a *answer) file() any {
	if len(a.data) == 0 && (a.status == http.StatusNoContent || a.status == http.StatusResetContent || redirects(a.status) || a.status == http.StatusNotModified) {
		return nil
	}
	return schema.FileValue{Name: fileName(a.raw.Get("Content-Disposition"), a.url), Type: text(a.media.header), Data: a.data}.Values()
}

// written is the body as text.
func (a *answer) written() string {
	if s, err := a.media.text(a.data); err == nil {
		return s
	}
	return base64.StdEncoding.EncodeToString(a.data)
}

// detail adds to an error what came back, bounded.
func (a *answer) detail(e *cards.Error) *cards.Error {
	kept := *a
	if len(kept.data) > maxKept {
		kept.data, kept.cut = kept.data[:maxKept], true
	}
	if kept.cut {
		kept.data = wholeRunes(kept.data)
	}
	e.Details = schema.Values{"status_code": int64(a.status), "headers": a.headers, "body": nil}
	if len(kept.data) > 0 {
		e.Details["body"] = kept.written()
	}
	if kept.cut {
		e.Details["body_cut"] = true
	}
	return e
}

// tooLarge is the error of a body that is larger than most; announced is the length
// that the server said it has, or -1.
func (a *answer) tooLarge(most, announced int64) error {
	message := a.host + " sent more than " + sizeOf(most) + ", which is the most that this card takes"
	if announced > most {
		message += "; it announced " + sizeOf(announced)
	}
	return a.detail(&cards.Error{Code: cards.CodeTooLarge, Message: message})
}

// refusal is the error of a status that is not accepted.
func (a *answer) refusal(after time.Duration) error {
	e := a.detail(&cards.Error{
		Code:      fmt.Sprintf("http_%d", a.status),
		Message:   fmt.Sprintf("%s answered %d %s", a.host, a.status, http.StatusText(a.status)),
		Retryable: a.status >= 500 || a.status == http.StatusRequestTimeout || a.status == http.StatusTooEarly || a.status == http.StatusTooManyRequests,
		After:     after,
	})
	if http.StatusText(a.status) == "" {
		e.Message = fmt.Sprintf("%s answered %d", a.host, a.status)
	}
	if !a.cut {
		if v, err := a.value("auto"); err == nil {
			e.Details["body"] = v
		}
	}
	return e
}
