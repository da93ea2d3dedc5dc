package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"flowdeck/flows"
)

// RunOver tells the server that a run has ended: an endpoint, or a redo, may have room
// again. It never waits.
func (s *Server) RunOver(runID string) {
	s.crowd.leave(runID)
	s.redos.ended(runID)
}

func crowded() *refusal {
	r := &refusal{Status: http.StatusTooManyRequests, Code: "too_many_runs", Title: "This endpoint has as many runs as it may have at a time",
		Detail: "Nothing was started. Try again in a moment."}
	return r.with("Retry-After", "1")
}

// counted is how many runs of an endpoint may be under way that the store is to count: when
// there may be other servers, which have runs of it too.
func (s *Server) counted(ep endpoint) int {
	if s.Store.Shared() {
		return ep.Settings.Concurrency
	}
	return 0
}

// enter lets a run of an endpoint in, unless as many as may be are under way. It asks the
// store only for the first run of a flow since the start, and when a crowd is full of
// runs that should be over: they may wait, which does not count, or have ended elsewhere.
func (s *Server) enter(ctx context.Context, ep endpoint, run flows.Run) (bool, error) {
	if s.Store.Shared() {
		return true, nil // the store counts
	}
	most := ep.Settings.Concurrency
	if most <= 0 && s.crowd.known.Load() == 0 {
		return true, nil
	}
	limit := ep.Settings.RunTimeout.Duration
	if limit <= 0 {
		limit = time.Hour
	}
	now := s.Now()
	until := now.Add(limit + time.Minute)
	if most <= 0 {
		s.crowd.pass(ep.FlowID, run.ID, until)
		return true, nil
	}
	in, known := s.crowd.enter(ep.FlowID, run.ID, most, until)
	if !known {
		list, err := s.Store.UnderWay(ctx, ep.FlowID, run.Trigger, most)
		if err != nil {
			return false, err
		}
		s.crowd.found(ep.FlowID, list, len(list) < most, now.Add(lookPause))
		in, _ = s.crowd.enter(ep.FlowID, run.ID, most, until)
	}
	if in {
		return true, nil
	}
	late := s.crowd.late(ep.FlowID, now)
	if len(late) == 0 {
		return false, nil
	}
	left, err := s.Store.StillUnderWay(ctx, ep.FlowID, late)
	if err != nil {
		return false, err
	}
	for _, id := range late {
		if !slices.Contains(left, id) {
			s.crowd.leave(id)
		}
	}
	in, _ = s.crowd.enter(ep.FlowID, run.ID, most, until)
	return in, nil
}

// full says why a run has no room; flows.ErrTaken when it needs none, because its key has
// begun one already.
func (s *Server) full(ctx context.Context, ep endpoint, m manner) error {
	if m.once != nil {
		switch _, _, err := s.Store.Begun(ctx, ep.FlowID, m.once.Kind, m.once.Name); {
		case err == nil:
			return flows.ErrTaken
		case !notFound(err):
			return err
		}
	}
	return crowded()
}
