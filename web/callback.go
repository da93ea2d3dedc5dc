package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// Calls of links that there are not that one address may make: a burst, then one more each interval.
const (
	callbackBurst = 60
	callbackEvery = time.Second
)

// callbackBody is how many bytes an answer may have.
const callbackBody = 1 << 20

// callbackRoutes are open to everybody: whoever has a link may answer by it. Links
// cannot be guessed and work once.
func (s *Server) callbackRoutes(open *echo.Group) {
	open.GET("/callback/:token", s.showCallback)
	open.HEAD("/callback/:token", s.showCallback)
	open.POST("/callback/:token", s.answerCallback)
}

// callback finds the link of a request. Links that never were look like those that
// are long gone.
func (s *Server) callback(c echo.Context) (store.Callback, error) {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	sum := sha256.Sum256([]byte(c.Param("token")))
	cb, err := s.Store.Callback(c.Request().Context(), hex.EncodeToString(sum[:]))
	if !errors.Is(err, flows.ErrNotFound) {
		return cb, err
	}
	// Only guesses are slowed down: a service that answers many runs at once does so from
	// one address, and no answer of it may be lost.
	if wait := s.links.ask(c.RealIP(), callbackEvery, callbackBurst); wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		return cb, echo.NewHTTPError(http.StatusTooManyRequests, "Too many requests came from this address. Wait a moment and try again.")
	}
	return cb, err
}

// showCallback shows the form page of a link, or takes a GET as the answer.
func (s *Server) showCallback(c echo.Context) error {
	cb, err := s.callback(c)
	switch {
	case errors.Is(err, flows.ErrNotFound):
		return s.noCallback(c)
	case err != nil:
		return err
	case cb.Page == nil && cb.Get && c.Request().Method == http.MethodGet:
		return s.answerRequest(c, cb)
	case cb.Page == nil:
		return (&refusal{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Title: "This link takes POST"}).with("Allow", "POST").write(c.Response())
	case !cb.Open(s.Now()):
		return s.callbackOver(c, cb)
	}
	m, err := s.askModel(c, cb)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.AskPage(m))
}

// answerCallback takes an answer.
func (s *Server) answerCallback(c echo.Context) error {
	cb, err := s.callback(c)
	switch {
	case errors.Is(err, flows.ErrNotFound):
		return s.noCallback(c)
	case err != nil:
		return err
	case cb.Page == nil:
		return s.answerRequest(c, cb)
	case !cb.Open(s.Now()):
		return s.callbackOver(c, cb)
	case isMultipart(c.Request()):
		return errMultipart
	}
	m, err := s.askModel(c, cb)
	if err != nil {
		return err
	}
	values, ok := readAnswer(c, cb, &m)
	if !ok {
		return render(c, http.StatusUnprocessableEntity, views.AskPage(m))
	}
	if err := s.deliver(c.Request().Context(), cb, values); errors.Is(err, flows.ErrConflict) {
		if cb, err = s.Store.Callback(c.Request().Context(), cb.Hash); err == nil {
			return s.callbackOver(c, cb)
		}
		return err
	} else if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.AskedPage(thanks(values)))
}

func thanks(v schema.Values) views.AskedModel {
	m := views.AskedModel{Kind: "ok", Title: "Thank you", Text: "Your answer was taken down. You can close this page."}
	switch v["outcome"] {
	case "approved":
		m.Title, m.Text = "Approved", "Your approval was taken down. You can close this page."
	case "rejected":
		m.Title, m.Text = "Rejected", "Your rejection was taken down. You can close this page."
	}
	return m
}

// deliver gives an answer to the step that waits for it. flows.ErrConflict says
// that the link cannot be used any more.
func (s *Server) deliver(ctx context.Context, cb store.Callback, body schema.Values) error {
	now := s.Now()
	body["answered_at"] = now.UTC().Truncate(time.Second).Format(time.RFC3339)
	ctx = context.WithoutCancel(ctx) // whoever answered may go away; the answer may not
	if err := s.Store.Answer(ctx, cb, flows.Signal{Path: cb.Path, Kind: flows.Answered, At: now, Body: body}); err != nil {
		return err
	}
	s.Engine.Signal(cb.RunID, cb.Path)
	return nil
}

func (s *Server) noCallback(c echo.Context) error {
	if wantsJSON(c) {
		return (&refusal{Status: http.StatusNotFound, Code: "not_found", Title: "There is no such link", Detail: "Check the address: it must be whole."}).write(c.Response())
	}
	return render(c, http.StatusNotFound, views.AskedPage(views.AskedModel{Kind: "warn", Title: "This link leads nowhere",
		Text: "Check that the address is whole. It may also be that what it was about is long over."}))
}

// callbackOver says why a link can no longer be used.
func (s *Server) callbackOver(c echo.Context, cb store.Callback) error {
	m := views.AskedModel{Kind: "info", Title: "No longer needed", Text: "What this was about has ended, so no answer is needed any more."}
	switch {
	case cb.Signal == flows.Answered:
		m.Title, m.Text = "Already answered", "Somebody answered at "+fullTime(cb.At)+". The first answer counts, so this page can no longer be used."
	case cb.Signal == flows.TooLate, !cb.Over:
		m.Title, m.Text = "Too late", "This page could be used until "+fullTime(cb.Expires)+". Ask whoever sent you here for a new one."
	}
	return render(c, http.StatusGone, views.AskedPage(m))
}
