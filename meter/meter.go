// Package meter counts what happens and how long it takes, and writes that down the
// way Prometheus reads it.
//
// Counting costs an addition or two, so that it can stand where the work is done. The
// package imports nothing of ours and knows nothing of what it counts.
package meter

import "sync/atomic"

// Tally counts things that end well or not, and how long they took.
type Tally struct {
	Histogram // of all
	Failed    atomic.Int64
	Cancelled atomic.Int64
}

// Count is a Tally at a moment, or the difference between two moments.
type Count struct {
	Spread            // of all
	Failed, Cancelled int64
}

// Read returns what was counted so far.
func (t *Tally) Read() Count {
	return Count{Spread: t.Histogram.Read(), Failed: t.Failed.Load(), Cancelled: t.Cancelled.Load()}
}

// All is how many things were counted, whatever became of them.
func (c *Count) All() int64 { return c.Spread.Count() }

// Add adds what another one counted.
func (c *Count) Add(o Count) {
	c.Spread.Add(o.Spread)
	c.Failed += o.Failed
	c.Cancelled += o.Cancelled
}

// Since is what was counted after an earlier moment.
func (c Count) Since(earlier Count) Count {
	return Count{Spread: c.Spread.Since(earlier.Spread), Failed: c.Failed - earlier.Failed, Cancelled: c.Cancelled - earlier.Cancelled}
}
