package web

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/har"
	"flowdeck/flows"
)

// downloadHAR sends what an attempt, or a whole run, sent and got as an HTTP archive.
func (s *Server) downloadHAR(c echo.Context) error {
	ctx := c.Request().Context()
	run, err := s.Store.Run(ctx, c.Param("run"))
	if err != nil {
		return err
	}
	d, err := s.drawRun(ctx, history{try: c.QueryParam("try")}, flows.Flow{}, run, flows.Path(c.Param("*")))
	if err != nil {
		return err
	}
	name := "run-" + run.ID
	var only *flows.Attempt
	if path := flows.Path(c.Param("*")); path != "" {
		tries, err := s.Store.AttemptsAt(ctx, run.ID, path)
		if err != nil {
			return err
		}
		if len(tries) == 0 {
			return flows.ErrNotFound
		}
		only = &tries[d.shown(tries)]
		name = only.StepID + "-" + strconv.Itoa(only.Number)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`.har"`)
	h.Set(echo.HeaderCacheControl, "no-store")
	w := har.New(c.Response(), "Flowdeck", "1")
	if only != nil {
		w.Add(d.archived(*only))
		return w.Close()
	}
	if err := s.Store.EachAttempt(ctx, run.ID, func(a flows.Attempt) error {
		if a.Trace != nil && len(a.Trace.Exchanges) > 0 {
			w.Add(d.archived(a))
		}
		return nil
	}); err != nil {
		return err
	}
	return w.Close()
}

// archived is an attempt as archives have it.
func (d *runDrawing) archived(a flows.Attempt) har.Attempt {
	title := a.StepID
	for _, step := range d.steps {
		if step.ID == a.StepID {
			title = step.Number + " " + step.Title
		}
	}
	x := har.Attempt{ID: string(a.Path) + "#" + strconv.Itoa(a.Number), Title: title + ", attempt " + strconv.Itoa(a.Number), Started: a.Started, Trace: a.Trace}
	values := a.Output
	if a.Error != nil {
		values = a.Error.Details
	}
	if body, ok := values["body"]; ok && body != nil {
		x.Body, x.Comment = literal(body), "the body as the card understood it"
		if values["body_cut"] == true {
			x.Comment += "; only its beginning is kept"
		}
	}
	return x
}
