package runner

import (
	"sync/atomic"
	"time"

	"flowdeck/flows"
)

var _ flows.Counts = (*run)(nil)

// counter is a loop that goes on.
type counter struct {
	of    int
	began time.Time
	done  atomic.Int64
}

// Counting implements flows.Counts: whoever has the segment's mail can see how far it is.
func (r *run) Counting(p flows.Path, n int) (round, end func()) {
	c := &counter{of: n, began: r.x.o.Now()}
	if r.mail != nil {
		r.mail.count(p, c)
	}
	return func() { c.done.Add(1) }, func() {
		if r.mail != nil {
			r.mail.count(p, nil)
		}
	}
}

// count keeps the counter of a loop, or forgets it.
func (m *Mail) count(p flows.Path, c *counter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c == nil {
		delete(m.loops, p)
		return
	}
	if m.loops == nil {
		m.loops = map[flows.Path]*counter{}
	}
	m.loops[p] = c
}

// Progress is how far the loops of the segment have come.
func (m *Mail) Progress() []flows.Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := make([]flows.Progress, 0, len(m.loops))
	for p, c := range m.loops {
		list = append(list, flows.Progress{Path: p, Done: int(c.done.Load()), Of: c.of, Began: c.began})
	}
	return list
}
