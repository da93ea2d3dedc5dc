package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

const (
	mostStreams = 256              // open at the same time, of everybody
	streamLife  = 30 * time.Minute // then the browser comes back
	streamPing  = 15 * time.Second // and as often it is asked whether the reader is still signed in
	streamWrite = 30 * time.Second // a reader that takes nothing for so long is gone
)

// streamAsk is for how long a reader is believed to be signed in still.
const streamAsk = time.Second

// errSignedOut ends the stream of a reader who signed out, or was.
var errSignedOut = errors.New("the session has ended")

// stream is an answer that goes on: events for the page that asked.
type stream struct {
	c       echo.Context
	rc      *http.ResponseController
	id      int64
	session func() bool // reports whether it goes on
	asked   time.Time   // when it last did
}

// stream opens a stream and has serve write to it. A browser that comes back
// gets ids that go on from the last one it saw; what it missed is in the state
// that every stream begins with.
func (s *Server) stream(c echo.Context, serve func(context.Context, *stream) error) error {
	if s.streams.Add(1) > mostStreams {
		s.streams.Add(-1)
		c.Response().Header().Set(echo.HeaderRetryAfter, "10")
		return echo.NewHTTPError(http.StatusServiceUnavailable, "Too many pages watch runs at the moment. Load this one again to see where it stands.")
	}
	defer s.streams.Add(-1)
	goesOn, err := s.sessionGoesOn(c)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Set("X-Accel-Buffering", "no")
	st := &stream{c: c, rc: http.NewResponseController(c.Response()), session: goesOn, asked: time.Now()}
	if last, err := strconv.ParseInt(c.Request().Header.Get("Last-Event-ID"), 10, 64); err == nil && last > 0 {
		st.id = last
	}
	c.Response().WriteHeader(http.StatusOK)
	if err := st.ping(); err != nil {
		return nil // the reader is gone already
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), streamLife)
	defer cancel()
	go func() {
		select {
		case <-s.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := serve(ctx, st); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

func (st *stream) ping() error { return st.write(": still here\n\n") }

// send writes an event; without a name it is HTML for the page.
func (st *stream) send(name, data string) error {
	st.id++
	var b strings.Builder
	b.WriteString("id: " + strconv.FormatInt(st.id, 10) + "\n")
	if name != "" {
		b.WriteString("event: " + name + "\n")
	}
	for line := range strings.Lines(strings.ReplaceAll(data, "\r", "")) {
		b.WriteString("data: " + strings.TrimSuffix(line, "\n") + "\n")
	}
	b.WriteString("\n")
	return st.write(b.String())
}

func (st *stream) write(text string) error {
	if now := time.Now(); now.Sub(st.asked) >= streamAsk {
		if !st.session() {
			return errSignedOut
		}
		st.asked = now
	}
	// A stream has no end to be late for, a single write has.
	_ = st.rc.SetWriteDeadline(time.Now().Add(streamWrite)) // not every connection has deadlines
	if _, err := st.c.Response().Write([]byte(text)); err != nil {
		return err
	}
	return st.rc.Flush()
}

// part renders a part of a page for a stream.
func part(ctx context.Context, m templ.Component) (string, error) {
	var b bytes.Buffer
	err := m.Render(ctx, &b)
	return b.String(), err
}
