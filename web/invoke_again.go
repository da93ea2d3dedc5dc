package web

import (
	"context"
	"errors"
	"net/http"

	"flowdeck/flows"
)

// replay answers a call whose Idempotency-Key has begun a run already, if it is known to:
// with what that run answers.
func (s *Server) replay(w http.ResponseWriter, r *http.Request, ep endpoint, m manner) (known bool, err error) {
	id, request, err := s.Store.Begun(r.Context(), ep.FlowID, m.once.Kind, m.once.Name)
	switch {
	case notFound(err):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, s.replayRun(w, r, ep, m, id, request)
}

// again answers a call whose Idempotency-Key has just begun a run by another call.
func (s *Server) again(w http.ResponseWriter, r *http.Request, ep endpoint, m manner) error {
	known, err := s.replay(w, r, ep, m)
	if !known && err == nil {
		return inProgress("")
	}
	return err
}

// replayRun answers with what a run that was begun by request answers.
func (s *Server) replayRun(w http.ResponseWriter, r *http.Request, ep endpoint, m manner, id, request string) error {
	if request != m.once.Request {
		return &refusal{Status: http.StatusUnprocessableEntity, Code: "idempotency_key_reused", Title: "This Idempotency-Key was used for another request",
			Detail: "The same key asks for the same answer. Use another key for another request.", Run: id}
	}
	w.Header().Set("Idempotent-Replayed", "true")
	if m.atOnce() {
		return s.await(w, r, ep, id, m, nil)
	}
	ctx, cancel := context.WithTimeout(r.Context(), ep.patience(m))
	defer cancel()
	result, err := s.Engine.Wait(ctx, id)
	switch {
	case err == nil:
		w.Header().Set("X-Flowdeck-Run", id)
		return writeResult(w, r.Method, id, result)
	case r.Context().Err() != nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		w.Header().Set("X-Flowdeck-Run", id)
		return writeLater(w, id)
	case errors.Is(err, flows.ErrStopped): // the next start goes on with it
		return inProgress(id)
	case notFound(err):
		return &refusal{Status: http.StatusConflict, Code: "answer_gone", Title: "The answer to this Idempotency-Key is not kept any longer",
			Detail: "The request was carried out. Use another key to carry it out again.", Run: id}
	}
	return err
}

func inProgress(run string) *refusal {
	r := &refusal{Status: http.StatusConflict, Code: "in_progress", Title: "A request with this Idempotency-Key is being carried out",
		Detail: "Nothing was started. Try again in a moment.", Run: run}
	return r.with("Retry-After", "1")
}
