package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/connectors"
	"flowdeck/views"
)

// rehearseConnection renews a token now, and shows what was asked and answered.
func (s *Server) rehearseConnection(c echo.Context) error {
	ctx := c.Request().Context()
	r, err := s.Clients.Rehearse(ctx, c.Param("id"))
	var problems schema.Problems
	if errors.As(err, &problems) {
		r = connectors.Rehearsal{Message: "This connection " + problems[0].Message, Trace: &trace.Trace{}}
	} else if err != nil {
		return err
	}
	m := s.rehearsal(r)
	trigger(c, "fd:rows", struct{}{})
	if isHTMX(c) {
		trigger(c, "fd:focus", map[string]string{"to": "#rehearsal"})
		return render(c, http.StatusOK, views.Rehearsal(m))
	}
	row, err := s.Store.Connection(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	return s.connectionPage(c, row, &m)
}

func (s *Server) rehearsal(r connectors.Rehearsal) views.RehearsalModel {
	now := s.Now()
	m := views.RehearsalModel{Kind: "ok", Title: "The renewal works.", Text: upperFirst(ended(r.Message)), Log: wireLog(r.Trace)}
	ends := "it does not say"
	if !r.Ends.IsZero() {
		ends = exactly(r.Ends, now)
	}
	switch {
	case r.OK:
		m.Facts = []views.KVModel{{Key: "Access token until", Value: ends}, {Key: "Refresh token", Value: map[bool]string{true: "a new one, stored before anything uses it", false: "the same as before"}[r.Rotated]}}
	case r.Ends.After(now):
		m.Kind, m.Title, m.Text = "warn", "The renewal fails.", ended(r.Message)+" The access token that is there goes on working until "+ends+"."
	default:
		m.Kind, m.Title, m.Text = "err", "The renewal fails.", ended(r.Message)
	}
	for _, x := range r.Trace.Exchanges {
		m.Exchanges = append(m.Exchanges, rehearsed(x))
	}
	return m
}

func rehearsed(x trace.Exchange) views.RehearsedModel {
	m := views.RehearsedModel{Method: x.Method, URL: x.URL, Sent: headerRows(x.RequestHeaders), Received: headerRows(x.ResponseHeaders), Body: x.RequestBody, Status: x.Error}
	if x.Status != 0 {
		m.Status = fmt.Sprintf("%d %s · %d ms", x.Status, http.StatusText(x.Status), x.Total/1000)
	}
	return m
}

// noteSecretEnds keeps the day on which somebody knows that a secret ends; none forgets it.
func (s *Server) noteSecretEnds(c echo.Context) error {
	var ends time.Time
	if day := strings.TrimSpace(c.FormValue("day")); day != "" {
		var err error
		if ends, err = time.ParseInLocation(time.DateOnly, day, time.Local); err != nil {
			return schema.Problems{{Field: "day", Message: "must be a day, such as 2027-01-31"}}
		}
		ends = ends.AddDate(0, 0, 1).Add(-time.Minute) // it works on that day
	}
	err := s.Store.UpdateConnection(c.Request().Context(), c.Param("id"), func(x *connectors.Connection) error {
		x.SecretEnds, x.Updated, x.UpdatedBy = ends, s.Now(), s.user(c).Name
		return nil
	})
	if err != nil {
		return err
	}
	text := "Noted: its secret works until " + onDay(ends, s.Now())
	if ends.IsZero() {
		text = "No end of its secret is noted"
	}
	return s.connectionActed(c, c.Param("id"), map[string]string{"text": strings.Replace(text, "until on", "until", 1)})
}
