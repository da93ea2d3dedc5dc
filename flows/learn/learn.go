// Package learn watches runs end and learns from some of them what the answers
// of their steps look like.
//
// It is beside the runs, never in their way: a run that it has no time for
// teaches nothing, and however many runs end, it reads few of them.
package learn

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

const (
	waiting  = 64               // runs that may wait to be learned from
	largest  = 1 << 20          // bytes of an attempt that is learned from
	mostRead = 200              // attempts of one run
	pause    = 30 * time.Second // between two runs of one flow
	mostKept = 20_000           // flows whose last time is remembered
)

// Options are what a Learner needs.
type Options struct {
	Store *store.Store
	Cards *cards.Registry
	Now   func() time.Time // time.Now when nil
	Log   *slog.Logger     // slog.Default() when nil
}

// Learner learns from runs that are over. Close it before the store.
type Learner struct {
	o    Options
	runs chan ended
	done sync.WaitGroup

	mu     sync.Mutex
	closed bool
	taken  map[string]time.Time // by flow: when a run of it was last taken
}

type ended struct{ flowID, runID string }

// New returns a Learner at work.
func New(o Options) *Learner {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	l := &Learner{o: o, runs: make(chan ended, waiting), taken: map[string]time.Time{}}
	l.done.Go(l.work)
	return l
}

// Close learns from the runs that wait and takes no more.
func (l *Learner) Close() {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.runs)
	}
	l.mu.Unlock()
	l.done.Wait()
}

// Over takes note that a run has ended. It never waits.
func (l *Learner) Over(flowID, runID string) {
	now := l.o.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || now.Sub(l.taken[flowID]) < pause {
		return
	}
	select {
	case l.runs <- ended{flowID, runID}:
		if len(l.taken) >= mostKept {
			clear(l.taken)
		}
		l.taken[flowID] = now
	default:
	}
}

func (l *Learner) work() {
	for e := range l.runs {
		if err := l.learn(context.Background(), e); err != nil && !errors.Is(err, flows.ErrNotFound) {
			l.o.Log.Warn("learning from a run failed", "run", e.runID, "err", err)
		}
	}
}

func (l *Learner) learn(ctx context.Context, e ended) error {
	run, err := l.o.Store.Run(ctx, e.runID)
	if err != nil {
		return err
	}
	if run.Outline {
		return nil // it has no values
	}
	doc, err := l.o.Store.Document(ctx, run.Document)
	if err != nil {
		return err
	}
	outputs, err := l.o.Store.RunOutputs(ctx, e.runID, largest, mostRead)
	if err != nil {
		return err
	}
	outputs[doc.Trigger.ID] = run.Event
	return l.o.Store.Learn(ctx, e.flowID, Lessons(doc, l.o.Cards, outputs))
}

// Lessons picks from the outputs of steps what there is to learn from.
func Lessons(doc flows.Document, reg *cards.Registry, outputs map[string]schema.Values) []store.Lesson {
	var list []store.Lesson
	for _, step := range doc.All() {
		card, known := reg.Card(step.Card)
		answer := outputs[step.ID]
		if !known || answer == nil {
			continue
		}
		if asks := flows.Asks(step, card); asks != "" {
			list = append(list, store.Lesson{Step: step.ID, Asks: asks, Answer: answer})
		}
	}
	return list
}
