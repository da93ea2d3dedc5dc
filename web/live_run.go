package web

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

const (
	liveGap  = 100 * time.Millisecond // between two looks at a run that changes
	liveLook = 2 * time.Second        // at a run that another process may drive
)

// streamRun tells the builder how each step of a run goes: events fd:run with
// {run, step, status, ms}, and done at the end.
func (s *Server) streamRun(c echo.Context) error {
	row, err := s.runRowOf(c.Request().Context(), c.Param("run"))
	if err != nil {
		return err
	}
	return s.stream(c, func(ctx context.Context, st *stream) error { return s.tellSteps(ctx, st, row) })
}

func (s *Server) runRowOf(ctx context.Context, id string) (store.RunRow, error) {
	rows, _, err := s.Store.Runs(ctx, store.RunFilter{Query: id, Limit: 1})
	if err == nil && (len(rows) == 0 || rows[0].ID != id) {
		err = flows.ErrNotFound
	}
	if err != nil {
		return store.RunRow{}, err
	}
	return rows[0], nil
}

func (s *Server) tellSteps(ctx context.Context, st *stream, row store.RunRow) error {
	said := map[string]string{}
	return s.follow(ctx, st, row.ID, func() (done bool, err error) {
		if row, err = s.runRowOf(ctx, row.ID); err != nil {
			return true, err
		}
		attempts, err := s.Store.AttemptHeads(ctx, row.ID)
		if err != nil {
			return true, err
		}
		for _, a := range attempts {
			text, err := schema.EncodeJSON(stepEvent(row.ID, a, s.Now()))
			if err != nil {
				return true, err
			}
			if said[a.StepID] == string(text) {
				continue
			}
			said[a.StepID] = string(text)
			if err := st.send("fd:run", string(text)); err != nil {
				return true, nil // the reader is gone
			}
		}
		if !row.Status.Done() {
			return false, nil
		}
		return true, s.tellEnd(ctx, st, row)
	})
}

func stepEvent(run string, a flows.Attempt, now time.Time) schema.Values {
	v := schema.Values{"run": run, "step": a.StepID, "status": string(statusShown(a)), "attempt": int64(a.Number)}
	if !a.Finished.IsZero() {
		v["ms"] = a.Finished.Sub(a.Started).Milliseconds()
	}
	if a.Error != nil {
		v["error"] = a.Error.Code
	}
	return v
}

func (s *Server) tellEnd(ctx context.Context, st *stream, row store.RunRow) error {
	v := schema.Values{"run": row.ID, "status": string(row.Status), "reply": int64(row.ResponseStatus),
		"error": row.ErrorCode, "ms": row.Finished.Sub(row.Created).Milliseconds()}
	_, _, v["text"] = s.outcomeOf(ctx, row)
	text, err := schema.EncodeJSON(v)
	if err != nil {
		return err
	}
	_ = st.send("done", string(text)) // whoever is gone needs no end
	return nil
}

// follow calls look whenever the run may have changed, until look says that it
// is done, and pings in between.
func (s *Server) follow(ctx context.Context, st *stream, runID string, look func() (done bool, err error)) error {
	changes := s.Engine.Watch(ctx, runID)
	again, ping := time.NewTicker(liveLook), time.NewTicker(streamPing)
	defer again.Stop()
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ping.C:
			if st.ping() != nil {
				return nil
			}
			continue
		case <-again.C:
		case <-changes:
		}
		if done, err := look(); done || err != nil {
			return err
		}
		select { // a run that changes all the time is not read all the time
		case <-ctx.Done():
			return nil
		case <-time.After(liveGap):
		}
	}
}
