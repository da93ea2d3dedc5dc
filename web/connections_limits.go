package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/connectors"
	"flowdeck/views"
)

// showLimits is the part of the drawer that is asked for again and again: it reads no row.
func (s *Server) showLimits(c echo.Context) error {
	if _, ok := s.Clients.Remaining(c.Param("id")); !ok {
		if _, err := s.Store.Connection(c.Request().Context(), c.Param("id")); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, views.ConnectionLimits(s.limits(c.Param("id"))))
}

// limits is what is left of a connection's limits.
func (s *Server) limits(id string) views.ConnectionLimitsModel {
	m := views.ConnectionLimitsModel{ID: id}
	r, ok := s.Clients.Remaining(id)
	if !ok || r.Rate == 0 && r.Concurrency == 0 && !r.Known && r.Held.IsZero() {
		return m
	}
	now := s.Now()
	add := func(key, value string) { m.Rows = append(m.Rows, views.KVModel{Key: key, Value: value}) }
	if r.Known {
		add("The service's quota", quotaText(r))
		if !r.Reset.IsZero() {
			add("Full again", inWords(r.Reset.Sub(now)))
		}
	}
	if r.Rate > 0 {
		add("Rate", fmt.Sprintf("%g a second", r.Rate))
	}
	switch {
	case r.Concurrency > 0:
		add("Under way", fmt.Sprintf("%d of %d", r.InFlight, r.Concurrency))
	default:
		add("Under way", fmt.Sprint(r.InFlight))
	}
	add("Waiting", fmt.Sprintf("%d of %d", r.Waiting, r.Queue))
	if !r.Held.IsZero() {
		m.Held = upperFirst(r.Why) + ". Requests wait; the next one goes " + inWords(r.Held.Sub(now)) + "."
	}
	return m
}

func quotaText(r connectors.Remaining) string {
	switch {
	case r.Limit > 0:
		return fmt.Sprintf("%d of %d left", r.Left, r.Limit)
	default:
		return fmt.Sprintf("%d left", r.Left)
	}
}

// inWords is how far a time is off: "in 40 s".
func inWords(d time.Duration) string {
	switch {
	case d <= 0:
		return "now"
	case d < 2*time.Minute:
		return fmt.Sprintf("in %d s", int((d+time.Second-1)/time.Second))
	case d < 2*time.Hour:
		return fmt.Sprintf("in %d min", int((d+time.Minute-1)/time.Minute))
	}
	return fmt.Sprintf("in %d hours", int((d+time.Hour-1)/time.Hour))
}
