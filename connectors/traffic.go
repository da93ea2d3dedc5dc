package connectors

import (
	"sync/atomic"
	"time"

	"flowdeck/meter"
)

// mostTraffic is how many connections are counted apart; the others are counted together.
const mostTraffic = 500

// Traffic counts what goes out through a connection since the program began. Failed are
// the requests that got no answer or one from 400 up.
type Traffic struct {
	meter.Tally                 // until the headers of the answer
	Answers     [6]atomic.Int64 // by the first digit of the status; 0: no answer came
	Renewed     atomic.Int64
	NotRenewed  atomic.Int64
	name        atomic.Pointer[string]
}

// Name is the connection's, as it was when it was opened last; "" of what goes out
// without a connection.
func (t *Traffic) Name() string {
	if name := t.name.Load(); name != nil {
		return *name
	}
	return ""
}

// answered counts a request; status is 0 when no answer came.
func (t *Traffic) answered(status int, took time.Duration) {
	t.Observe(took)
	class := status / 100
	if class < 0 || class > 5 {
		class = 0
	}
	t.Answers[class].Add(1)
	if class == 0 || class >= 4 {
		t.Failed.Add(1)
	}
}

// trafficOf is the Traffic of a connection. It outlives sessions.
func (c *Clients) trafficOf(id, name string) *Traffic {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.traffic[id]
	if t == nil {
		if len(c.traffic) >= mostTraffic {
			return &c.others
		}
		t = &Traffic{}
		c.traffic[id] = t
	}
	t.name.Store(&name)
	return t
}

// Traffic returns what is counted, by the id of the connection: "" is what goes out
// without one. others are the connections beyond the first 500.
func (c *Clients) Traffic() (by map[string]*Traffic, others *Traffic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	by = make(map[string]*Traffic, len(c.traffic))
	for id, t := range c.traffic {
		by[id] = t
	}
	return by, &c.others
}
