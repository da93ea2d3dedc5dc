package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// start begins a run that has everything but its time, and perhaps its id. The run goes on
// when whoever asked for it goes away. It gives flows.ErrBusy when there is no
// place for it and flows.ErrStopped while the server stops; nothing is kept then.
func (s *Server) start(ctx context.Context, run flows.Run, set flows.Settings) (flows.Run, error) {
	run.Express, run.Outline = set.Express() && run.Once == nil, set.Outline() && run.Version > 0 && run.Trial == nil
	return s.startWith(ctx, run, set.StartOptions())
}

func (s *Server) startWith(ctx context.Context, run flows.Run, o flows.StartOptions) (flows.Run, error) {
	if run.ID == "" {
		run.ID = store.NewID("r_")
	}
	if err := s.keeps(run); err != nil {
		return run, err
	}
	run.Status, run.Created = flows.Queued, s.Now()
	err := s.Engine.Start(context.WithoutCancel(ctx), run, o)
	if err == nil {
		s.begun.Add(1)
	}
	return run, err
}

// startRun begins a run of a stored document: of a version, or of the draft as
// Store.PutDocument kept it when version is 0. Source says who asked for it.
func (s *Server) startRun(ctx context.Context, flow flows.Flow, version int64, documentID string, event schema.Values, source string) (flows.Run, error) {
	program, err := s.Programs(ctx, documentID)
	if err != nil {
		return flows.Run{}, err
	}
	return s.start(ctx, flows.Run{FlowID: flow.ID, FlowName: flow.Name, FlowAlias: flow.Alias, Version: version, Document: documentID,
		Trigger: program.Document().Trigger.Card, Source: source, Event: event}, flow.Settings)
}

// busyOr is the error of a run that was not started.
func busyOr(err error) error {
	if errors.Is(err, flows.ErrBusy) || errors.Is(err, flows.ErrStopped) {
		return echo.NewHTTPError(http.StatusServiceUnavailable, "Too many runs are waiting for a place. Nothing was started; try again in a moment.")
	}
	return err
}

// runAgain begins a run with the event of another: of the version that is live now, or of
// the same one. It may be for something that begins one run.
func (s *Server) runAgain(ctx context.Context, id string, same bool, by string, once *flows.Once) (flows.Run, error) {
	old, err := s.Store.Run(ctx, id)
	if err != nil {
		return flows.Run{}, err
	}
	if err := repeatable(old); err != nil {
		return flows.Run{}, err
	}
	flow, err := s.Store.Flow(ctx, old.FlowID)
	if err != nil {
		return flows.Run{}, err
	}
	again, err := s.anew(ctx, flow, old, same)
	if err != nil {
		return flows.Run{}, err
	}
	again.Source, again.Once = by+" (re-run)", once
	return s.startInstead(ctx, old, again, flow.Settings, by)
}

// repeatable refuses a run of which what it began with is not there any more.
func repeatable(old flows.Run) error {
	if old.Outline && old.Status.Done() {
		return echo.NewHTTPError(http.StatusConflict, "This run cannot be run again: an outline of it was kept, and what it began with was not. Runs that fail are kept whole.")
	}
	return nil
}

// startInstead begins a run that takes the place of another. It has begun then, whatever
// becomes of the note that somebody has dealt with the other one.
func (s *Server) startInstead(ctx context.Context, old, run flows.Run, set flows.Settings, by string) (flows.Run, error) {
	run, err := s.start(ctx, run, set)
	if err != nil {
		return run, err
	}
	if _, err := s.Store.HandleFailures(ctx, []string{old.ID}, store.FailureRow{Handled: s.Now(), How: store.Redone, By: by, Again: run.ID}); err != nil {
		s.Log.ErrorContext(ctx, "a run was taken up again and is still on the list of failures", "run", old.ID, "again", run.ID, "err", err)
	}
	return run, nil
}

// anew is a run with the event of another: of the version that is live now, or of the
// same one.
func (s *Server) anew(ctx context.Context, flow flows.Flow, old flows.Run, same bool) (flows.Run, error) {
	again := flows.Run{FlowID: old.FlowID, FlowName: flow.Name, FlowAlias: flow.Alias, Version: old.Version, Document: old.Document, Trigger: old.Trigger, Event: old.Event,
		RerunOf: old.ID}
	if !same && old.Version > 0 && flow.Version > 0 && flow.Version != old.Version {
		return s.withVersion(ctx, again, flow)
	}
	return again, nil
}

// withVersion has a run use the version that is live. Its trigger must be of the
// same card: the event of one is not the event of another.
func (s *Server) withVersion(ctx context.Context, run flows.Run, flow flows.Flow) (flows.Run, error) {
	found, err := s.Store.FlowByAlias(ctx, flow.Alias)
	if err != nil {
		return run, err
	}
	program, err := s.Programs(ctx, found.Document)
	if err != nil {
		return run, err
	}
	if program.Document().Trigger.Card != run.Trigger {
		return run, echo.NewHTTPError(http.StatusUnprocessableEntity,
			"The live version begins with another card, so it cannot take this event. Re-run the version that ran.")
	}
	run.Version, run.Document = found.Version, found.Document
	return run, nil
}

// cancelRun ends a run within a second.
func (s *Server) cancelRun(c echo.Context) error {
	id := c.Param("run")
	err := s.Engine.Cancel(c.Request().Context(), id)
	if errors.Is(err, flows.ErrConflict) {
		return s.said(c, id, "It had already ended")
	}
	if err != nil {
		return err
	}
	return s.said(c, id, "Stopping")
}

// said answers an action on a run with a notice, or with its page.
func (s *Server) said(c echo.Context, id, text string) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/runs/"+id)
	}
	trigger(c, "fd:toast", map[string]string{"text": text})
	return c.NoContent(http.StatusNoContent)
}
