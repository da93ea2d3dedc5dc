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
)

const (
	// redoneAtOnce is how many runs of a redo are under way at the same time, so that
	// the services that they call are not flooded.
	redoneAtOnce = 8
	// redoLook is how long a redo waits for one of them to end before it looks itself:
	// they may have ended elsewhere.
	redoLook = 5 * time.Second
	// redoPause is how long a redo waits when there is no place, or nothing can be kept.
	redoPause = time.Second
)

// ResumeRedos goes on with the redos that were under way when the server stopped.
func (s *Server) ResumeRedos(ctx context.Context) error {
	list, err := s.Store.RunningRedos(ctx)
	for _, r := range list {
		s.goOnWith(r.ID)
	}
	return err
}

// goOnWith drives a redo in the background until it is over or the server stops.
func (s *Server) goOnWith(id string) {
	s.redos.mu.Lock()
	defer s.redos.mu.Unlock()
	if s.redos.over || s.redos.stop[id] != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	if s.redos.stop == nil {
		s.redos.stop = map[string]context.CancelFunc{}
	}
	s.redos.stop[id] = cancel
	s.redos.all.Go(func() {
		defer func() {
			cancel()
			s.redos.mu.Lock()
			defer s.redos.mu.Unlock()
			delete(s.redos.stop, id)
		}()
		for {
			err := s.driveRedo(ctx, id)
			if err == nil || ctx.Err() != nil || notFound(err) {
				return
			}
			s.Log.Error("a redo could not go on; it is tried again", "redo", id, "err", err)
			select {
			case <-time.After(10 * redoPause):
			case <-ctx.Done():
				return
			}
		}
	})
}

// stopRedo has a redo begin nothing more.
func (s *Server) stopRedo(ctx context.Context, id string) error {
	err := s.Store.StopRedo(ctx, id)
	s.redos.mu.Lock()
	defer s.redos.mu.Unlock()
	if cancel := s.redos.stop[id]; cancel != nil && err == nil {
		cancel()
	}
	return err
}

// driveRedo begins the runs of a redo until all are begun, or it is stopped.
func (s *Server) driveRedo(ctx context.Context, id string) error {
	ended := make(chan struct{}, 1)
	defer s.redos.forget(ended)
	for ctx.Err() == nil {
		more, full, err := s.redoMore(ctx, id, ended)
		switch {
		case errors.Is(err, flows.ErrStopped): // the next start goes on
			return nil
		case err != nil || !more:
			return err
		case !full:
			continue
		}
		select {
		case <-ended:
		case <-time.After(redoLook):
		case <-ctx.Done():
		}
	}
	return nil
}

// redoMore begins as many runs of a redo as there are places. More says that it was to
// begin some, and full that there was no place. What is under way is looked for in the
// store, whoever began it.
func (s *Server) redoMore(ctx context.Context, id string, ended chan struct{}) (more, full bool, err error) {
	r, err := s.Store.Redo(ctx, id)
	if err != nil || r.Status != store.RedoRunning {
		return false, false, err
	}
	begun, err := s.Store.RedoUnderWay(ctx, id)
	if err != nil {
		return false, false, err
	}
	for _, runID := range begun {
		s.redos.expect(runID, ended)
	}
	if len(begun) >= redoneAtOnce {
		return true, true, nil
	}
	list, err := s.Store.WaitingRedoRuns(ctx, id, redoneAtOnce-len(begun))
	for _, x := range list {
		if err != nil || ctx.Err() != nil {
			break
		}
		s.redos.expect(x.Again, ended)
		err = s.redoOne(ctx, r, x)
	}
	return len(list) > 0, false, err
}

// redoOne begins one run again, or notes why it cannot be. While there is no place, or
// nothing can be kept, it waits.
func (s *Server) redoOne(ctx context.Context, r store.Redo, x store.RedoRun) error {
	for {
		err := s.beginAgain(ctx, r, x)
		switch {
		case errors.Is(err, flows.ErrBusy), inTrouble(err):
			select {
			case <-time.After(redoPause):
				continue
			case <-ctx.Done():
				return flows.ErrStopped
			}
		case err == nil, errors.Is(err, flows.ErrTaken): // begun, by us before a crash; also when somebody stops the redo just now
		case errors.Is(err, flows.ErrStopped), ctx.Err() != nil:
			return flows.ErrStopped
		default:
			if x.Problem = refusalWords(err); x.Problem == "" {
				s.Log.Error("a run of a redo was left out", "redo", r.ID, "run", x.RunID, "err", err)
				x.Problem = "Something broke on our side; the server's log says more."
			}
		}
		return s.Store.SettleRedoRun(context.WithoutCancel(ctx), r, x, s.Now())
	}
}

// refusalWords are what a person reads of why a run was not taken up.
func refusalWords(err error) string {
	var coded *echo.HTTPError
	var problems flows.Problems
	switch {
	case errors.As(err, &coded):
		return fmt.Sprint(coded.Message)
	case errors.As(err, &problems):
		return "That version has things to fix first: " + problems[0].String()
	case notFound(err):
		return "The run or its flow is gone."
	}
	return ""
}

func (s *Server) beginAgain(ctx context.Context, r store.Redo, x store.RedoRun) error {
	old, err := s.Store.Run(ctx, x.RunID)
	if err != nil {
		return err
	}
	flow, err := s.Store.Flow(ctx, old.FlowID)
	if err != nil {
		return err
	}
	var run flows.Run
	if r.From == store.FromStart {
		run, err = s.anew(ctx, flow, old, r.Version == sameVersion)
	} else {
		var p redoPlan
		p, err = s.planRedo(ctx, flow, old, r.Version)
		run = p.run
	}
	if err != nil {
		return err
	}
	run.ID, run.Source = x.Again, r.By+" (redo)"
	if err := s.claim(ctx, r, x); err != nil {
		return err
	}
	if _, err = s.start(ctx, run, flow.Settings); err != nil && !errors.Is(err, flows.ErrTaken) {
		err = errors.Join(err, s.Store.ReleaseFailure(context.WithoutCancel(ctx), x.RunID, x.Again))
	}
	return err
}

// claim makes sure that nobody else takes up the same failure: two redos may be at it.
func (s *Server) claim(ctx context.Context, r store.Redo, x store.RedoRun) error {
	n, err := s.Store.HandleFailures(ctx, []string{x.RunID}, store.FailureRow{Handled: s.Now(), How: store.Redone, By: r.By, Again: x.Again})
	if err != nil || n > 0 {
		return err
	}
	f, err := s.Store.Failure(ctx, x.RunID)
	switch {
	case notFound(err): // it is older than the list of failures
		return nil
	case err == nil && f.Again != x.Again: // else it was claimed before a crash
		return echo.NewHTTPError(http.StatusConflict, "Somebody has dealt with it meanwhile.")
	}
	return err
}
