package httpcard

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

const (
	maxAnswer = 10 << 20 // of a body that a card puts out
	maxKept   = 64 << 10 // of a body that an error keeps
)

// answer is what came back.
type answer struct {
	host    string
	status  int
	headers map[string]any
	media   media
	data    []byte
	cut     bool // there was more than data
}

// value is the body as a value: parsed when it is JSON, else text, nil when there is none.
func (a *answer) value() (any, error) {
	if len(bytes.TrimSpace(a.data)) == 0 && (len(a.data) == 0 || a.media.isJSON) {
		return nil, nil
	}
	s, isText := a.media.text(a.data)
	if !isText {
		return base64.StdEncoding.EncodeToString(a.data), nil
	}
	if !a.media.isJSON && !(a.media.mayBeJSON(s)) {
		return s, nil
	}
	v, err := schema.DecodeJSONText(s)
	switch {
	case err == nil:
		return v, nil
	case a.media.isJSON && a.status >= 200 && a.status <= 299:
		return nil, a.detail(&cards.Error{Code: cards.CodeInvalidResponse, Message: fmt.Sprintf("%s said that it sends JSON, but at %v", a.host, err), Err: err})
	}
	return s, nil
}

// written is the body as text.
func (a *answer) written() string {
	if s, isText := a.media.text(a.data); isText {
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
		if v, err := a.value(); err == nil {
			e.Details["body"] = v
		}
	}
	return e
}
