package web

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"flowdeck/flows"
)

// crowd counts the runs under way of endpoints that may have only so many at a time.
// Each server counts for itself.
type crowd struct {
	inside atomic.Int64 // runs in all: others pay nothing

	mu    sync.Mutex
	flows map[string]int
	runs  map[string]guest
}

// guest is a run under way. One that another server took over is never told of as over,
// so each has an end.
type guest struct {
	flow  string
	until time.Time
}

// enter lets a run in, at most until then, unless its flow has most of them already.
func (c *crowd) enter(flowID, runID string, most int, now, until time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flows[flowID] >= most {
		for id, g := range c.runs {
			if g.flow == flowID && g.until.Before(now) {
				c.out(id, g)
			}
		}
	}
	if c.flows[flowID] >= most {
		return false
	}
	if c.flows == nil {
		c.flows, c.runs = map[string]int{}, map[string]guest{}
	}
	c.flows[flowID]++
	c.runs[runID] = guest{flowID, until}
	c.inside.Add(1)
	return true
}

// leave is told of every run that ends.
func (c *crowd) leave(runID string) {
	if c.inside.Load() == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if g, there := c.runs[runID]; there {
		c.out(runID, g)
	}
}

func (c *crowd) out(runID string, g guest) {
	delete(c.runs, runID)
	c.inside.Add(-1)
	if c.flows[g.flow]--; c.flows[g.flow] == 0 {
		delete(c.flows, g.flow)
	}
}

// RunOver tells the server that a run has ended: an endpoint may have room again. It
// never waits.
func (s *Server) RunOver(runID string) { s.crowd.leave(runID) }

func crowded() *refusal {
	r := &refusal{Status: http.StatusTooManyRequests, Code: "too_many_runs", Title: "This endpoint has as many runs as it may have at a time",
		Detail: "Nothing was started. Try again in a moment."}
	return r.with("Retry-After", "1")
}

// enter lets a run of an endpoint in, unless as many as may be are under way.
func (s *Server) enter(ep endpoint, runID string, most int) bool {
	limit := ep.Settings.RunTimeout.Duration
	if limit <= 0 {
		limit = time.Hour
	}
	now := s.Now()
	return s.crowd.enter(ep.FlowID, runID, most, now, now.Add(limit+time.Minute))
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
