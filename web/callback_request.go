package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// answerRequest takes a program's request as the answer.
func (s *Server) answerRequest(c echo.Context, cb store.Callback) error {
	r, w := c.Request(), c.Response()
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil { // the first answer counts: it is not taken down in part
		linger(w, r)
		return malformedQuery(err).write(w)
	}
	body, err := s.requestBody(c)
	var no *refusal
	if errors.As(err, &no) {
		linger(w, r)
		return no.write(w)
	}
	if err != nil {
		return err
	}
	err = flows.ErrConflict
	if cb.Open(s.Now()) {
		err = s.deliver(r.Context(), cb, schema.Values{"outcome": "answered", "method": r.Method, "body": body.value,
			"query": repeated(query), "headers": headerValues(r.Header)})
	}
	if errors.Is(err, flows.ErrConflict) {
		if cb, err = s.Store.Callback(r.Context(), cb.Hash); err == nil {
			return overForPrograms(cb).write(w)
		}
	}
	if err != nil {
		return err
	}
	return writeJSON(w, r.Method, http.StatusOK, schema.Values{"status": "answered"})
}

func (s *Server) requestBody(c echo.Context) (sent, error) {
	r := c.Request()
	if strings.HasPrefix(r.Header.Get(echo.HeaderContentType), echo.MIMEApplicationForm) { // it was read on the way here
		return sent{value: repeated(r.PostForm), form: true}, nil
	}
	room := s.bodies.place()
	defer room.leave()
	return readBody(c.Response(), r, callbackBody, &room)
}

// overForPrograms says why a link can no longer be used.
func overForPrograms(cb store.Callback) *refusal {
	switch {
	case cb.Signal == flows.Answered:
		return &refusal{Status: http.StatusConflict, Code: "already_answered", Title: "This link has been used", Detail: "The first answer counts; this one was not taken down."}
	case cb.Signal == flows.TooLate, !cb.Over:
		return &refusal{Status: http.StatusGone, Code: "expired", Title: "This link has expired"}
	}
	return &refusal{Status: http.StatusGone, Code: "ended", Title: "The run that waited has ended"}
}

func wantsJSON(c echo.Context) bool {
	h := c.Request().Header
	return strings.Contains(h.Get(echo.HeaderAccept), "json") || strings.Contains(h.Get(echo.HeaderContentType), "json")
}
