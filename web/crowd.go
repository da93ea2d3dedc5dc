package web

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// lookPause is how long the late runs of a flow are not looked for again.
	lookPause = time.Second
	// latePause is how long a run is not looked for that was late and is under way.
	latePause = time.Minute
	// mostLate is how many late runs are looked for at once.
	mostLate = 100
)

// crowd counts the runs under way of flows that may have only so many at a time. Each
// server counts for itself.
type crowd struct {
	inside atomic.Int64 // runs in all: others pay nothing
	known  atomic.Int64 // flows that had a limit: as long as there are none, others pay nothing

	mu    sync.Mutex
	flows map[string]*party
	runs  map[string]*party // of each run
}

// party are the runs of one flow that are under way.
type party struct {
	due    map[string]time.Time // when each should be over. It may be under way for longer
	known  bool                 // those that were begun before are among them
	looked time.Time            // when the late ones were looked for
}

// enter lets a run in that should be over at due, unless its flow has most of them
// already. Nobody enters before it is known which runs were under way.
func (c *crowd) enter(flowID, runID string, most int, due time.Time) (in, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.flows[flowID]
	switch {
	case p != nil && len(p.due) >= most:
		return false, true
	case p == nil || !p.known:
		return false, false
	}
	c.add(p, runID, due)
	return true, true
}

// pass counts a run of a flow that has no limit, if it had one: it may have one again
// while the run is under way.
func (c *crowd) pass(flowID, runID string, due time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.flows[flowID]; p != nil {
		c.add(p, runID, due)
	}
}

// found counts runs of a flow that are under way, whoever began them; all says that there
// are no others.
func (c *crowd) found(flowID string, runs []string, all bool, due time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flows == nil {
		c.flows, c.runs = map[string]*party{}, map[string]*party{}
	}
	p := c.flows[flowID]
	if p == nil {
		p = &party{due: map[string]time.Time{}}
		c.flows[flowID] = p
		c.known.Add(1)
	}
	p.known = p.known || all
	for _, id := range runs {
		if c.runs[id] == nil {
			c.add(p, id, due)
		}
	}
}

func (c *crowd) add(p *party, runID string, due time.Time) {
	p.due[runID], c.runs[runID] = due, p
	c.inside.Add(1)
}

// late returns some runs of a flow that should be over, for the caller to look whether
// they are, and not for others who ask at the same time.
func (c *crowd) late(flowID string, now time.Time) (runs []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.flows[flowID]
	if p == nil || now.Before(p.looked.Add(lookPause)) {
		return nil
	}
	p.looked = now
	for id, due := range p.due {
		if due.Before(now) && len(runs) < mostLate {
			p.due[id] = now.Add(latePause)
			runs = append(runs, id)
		}
	}
	return runs
}

// leave is told of every run that ends.
func (c *crowd) leave(runID string) {
	if c.inside.Load() == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.runs[runID]; p != nil {
		delete(p.due, runID)
		delete(c.runs, runID)
		c.inside.Add(-1)
	}
}
