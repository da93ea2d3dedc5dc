package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// healthz says that the process is alive.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says that the process can do its work: the database answers and can be
// written. Else it says what is wrong, without where: anybody may ask.
func (s *Server) readyz(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	if err := s.Store.Ping(ctx); err != nil {
		s.Log.WarnContext(ctx, "not ready", "err", err)
		return c.String(http.StatusServiceUnavailable, "the database does not answer\n")
	}
	t := s.Store.Trouble()
	switch {
	case t == nil:
		return c.String(http.StatusOK, "ready\n")
	case t.Blocks():
		return c.String(http.StatusServiceUnavailable, fmt.Sprintf("not ready: %s\n", t.Kind))
	}
	return c.String(http.StatusOK, fmt.Sprintf("ready, but: %s\n", t.Kind))
}

// inTrouble reports whether err is about the disk or the database, not the request.
func inTrouble(err error) bool {
	var t *store.Trouble
	return errors.As(err, &t)
}

// keeps is the trouble that keeps an express run from being written down when it is over:
// it does not wait for that, so it may not begin.
func (s *Server) keeps(run flows.Run) error {
	if t := s.Store.Trouble(); run.Express && t != nil && t.Blocks() {
		return t
	}
	return nil
}

// troubleNote is what every page says while something is wrong with the store.
func (s *Server) troubleNote() *views.NoteModel {
	t := s.Store.Trouble()
	if t == nil {
		return nil
	}
	n := &views.NoteModel{ID: "trouble", Kind: "err", Title: t.What(), Text: t.Do() + " Since " + t.Since.In(s.Now().Location()).Format("2 Jan 15:04") + "."}
	if !t.Blocks() {
		n.Kind = "warn"
	}
	return n
}
