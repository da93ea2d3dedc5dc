package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

const (
	// redoneAtOnce is how many runs of a redo are under way at the same time, so that
	// the services that they call are not flooded.
	redoneAtOnce = 8
	// redoPatience is how long one of them is waited for before the next begins.
	redoPatience = 10 * time.Second
	// redoPause is how long a redo waits when there is no place, or nothing can be kept.
	redoPause = time.Second
)

// redoers are the redos that this process goes on with.
type redoers struct {
	mu   sync.Mutex
	stop map[string]context.CancelFunc
	all  sync.WaitGroup
	over bool
}

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

// leave ends what is begun here; it goes on with the next start.
func (r *redoers) leave() {
	r.mu.Lock()
	r.over = true
	for _, cancel := range r.stop {
		cancel()
	}
	r.mu.Unlock()
	r.all.Wait()
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

func (s *Server) driveRedo(ctx context.Context, id string) error {
	for ctx.Err() == nil {
		r, err := s.Store.Redo(ctx, id)
		if err != nil || r.Status != store.RedoRunning {
			return err
		}
		list, err := s.Store.WaitingRedoRuns(ctx, id, 10*redoneAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := s.redoThese(ctx, r, list); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) redoThese(ctx context.Context, r store.Redo, list []store.RedoRun) error {
	var all sync.WaitGroup
	var mu sync.Mutex
	var first error
	places := make(chan struct{}, redoneAtOnce)
	for _, x := range list {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-places }()
			if err := s.redoOne(ctx, r, x); err != nil {
				mu.Lock()
				first = errors.Join(first, err)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return first
}

// redoOne begins one run again, and waits a little for its end.
func (s *Server) redoOne(ctx context.Context, r store.Redo, x store.RedoRun) error {
	for {
		err := s.beginAgain(ctx, r, x)
		switch {
		case errors.Is(err, flows.ErrBusy), inTrouble(err):
			select {
			case <-time.After(redoPause):
				continue
			case <-ctx.Done():
				return nil
			}
		case err == nil, errors.Is(err, flows.ErrTaken): // begun, by us before a crash; also when somebody stops the redo just now
		case errors.Is(err, flows.ErrStopped), ctx.Err() != nil:
			return nil
		default:
			if x.Problem = refusalWords(err); x.Problem == "" {
				s.Log.Error("a run of a redo was left out", "redo", r.ID, "run", x.RunID, "err", err)
				x.Problem = "Something broke on our side; the server's log says more."
			}
		}
		if err := s.Store.SettleRedoRun(context.WithoutCancel(ctx), r, x, s.Now()); err != nil {
			return err
		}
		if x.Problem == "" {
			wait, cancel := context.WithTimeout(ctx, redoPatience)
			defer cancel()
			_, _ = s.Engine.Wait(wait, x.Again)
		}
		return nil
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
		return "That version has things to fix first: " + problems[0].Message
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
