package httpcard

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"flowdeck/cards"
)

// way is one request on its way, as far as its failures need to know it.
type way struct {
	parent, ctx context.Context // ctx lasts as long as the request
	host        string
	timeout     time.Duration
	status, got int // of an answer that had begun: its status, and how many bytes of its body had come
}

// failure names what went wrong with an exchange. Redirected is the answer that
// the client refused to follow, if that is what happened.
func (w way) failure(err error, redirected *http.Response) *cards.Error {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err // the rest of it is the URL, which errors do not show
	}
	if errors.Is(w.parent.Err(), context.Canceled) {
		return &cards.Error{Code: cards.CodeCancelled, Message: "the run was cancelled while " + w.host + " was asked", Err: err}
	}
	var slow *late
	if errors.As(context.Cause(w.ctx), &slow) {
		return &cards.Error{Code: cards.CodeTimeout, Message: w.host + ": " + slow.Error(), Retryable: true, Err: err}
	}
	var known *cards.Error
	var coded interface{ CardCode() string }
	if errors.As(err, &known) || errors.As(err, &coded) {
		return cards.ErrorOf(err)
	}
	e := &cards.Error{Err: err}
	switch {
	case w.isTimeout(of, err):
		e.Code, e.Message, e.Retryable = cards.CodeTimeout, w.host+" did not answer in full within "+w.patience()+w.soFar(), true
	case redirected != nil:
		e.Code, e.Message = cards.CodeTooManyRedirects, w.host+" redirects in a way that was not followed: "+err.Error()
	default:
		w.classify(e, err, of == nil)
	}
	return e
}

func (w way) isTimeout(of *url.Error, err error) bool {
	var dns *net.DNSError
	if w.ctx.Err() != nil {
		return true
	}
	if errors.As(err, &dns) {
		return false
	}
	var timed net.Error
	return of != nil && of.Timeout() || errors.As(err, &timed) && timed.Timeout()
}

// patience is how long the request waited at most.
func (w way) patience() string {
	if w.parent.Err() != nil {
		return "the time that its card has"
	}
	return w.timeout.String()
}

// soFar is what had come when the time was up.
func (w way) soFar() string {
	if w.status == 0 {
		return ": no answer had begun"
	}
	return fmt.Sprintf(": its status was %d, and %s of its body had come", w.status, sizeOf(int64(w.got)))
}

// classify names what is not a timeout, a refusal of ours or a redirect. In body says
// that the answer had begun.
func (w way) classify(e *cards.Error, err error, inBody bool) {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		e.Code, e.Message, e.Retryable = cards.CodeDNS, "no address was found for "+w.host, !dns.IsNotFound
	case isTLS(err):
		code, why := unsafe(w.host, err)
		e.Code, e.Message = code, "no safe connection to "+w.host+": "+why
	case errors.As(err, &op) && op.Op == "dial":
		e.Code, e.Message, e.Retryable = cards.CodeConnect, "no connection to "+w.host+": "+reason(err), true
	case inBody && errors.Is(err, io.ErrUnexpectedEOF):
		e.Code, e.Message, e.Retryable = cards.CodeTruncated, w.host+" ended its answer before the end that it announced", true
	case isReset(err):
		e.Code, e.Message, e.Retryable = cards.CodeReset, w.host+" broke off before its answer was complete", true
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), isFlate(err):
		e.Code, e.Message = cards.CodeBadEncoding, w.host+" sent a packed body that cannot be unpacked"
	case errors.Is(err, errEncoding):
		e.Code, e.Message = cards.CodeBadEncoding, w.host+": "+err.Error()
	default:
		e.Code, e.Message = broken(w.host, err)
	}
}

func isReset(err error) bool {
	for _, said := range []string{"stream error:", "http2: server sent GOAWAY", "http2: client connection lost"} {
		if strings.HasPrefix(err.Error(), said) {
			return true
		}
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNABORTED)
}

// reason is the innermost cause, in words that name no address.
func reason(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return short(err)
		}
		err = inner
	}
}

func isFlate(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}

// short is an error in at most 200 bytes.
func short(err error) string {
	s := err.Error()
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return text(s)
}
