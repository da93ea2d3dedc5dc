package flowtest

import (
	"context"
	"sync"
	"time"

	"flowdeck/flows"
)

// journal remembers one run for as long as its test lasts.
type journal struct {
	mu       sync.Mutex
	run      flows.Run
	attempts []flows.Attempt
	response *flows.Response
	outcome  flows.Outcome
	signals  map[flows.Path]flows.Signal
}

var _ flows.Journal = (*journal)(nil)

func (j *journal) Create(context.Context, flows.Run, ...flows.Entry) error { return flows.ErrTaken }

func (j *journal) Record(context.Context, flows.Run, []flows.Entry, flows.Outcome) error {
	return flows.ErrTaken
}

func (j *journal) Leave(flows.Run, []flows.Entry, flows.Outcome) error { return flows.ErrTaken }
func (j *journal) Crowded() bool                                       { return false }

func (j *journal) Claim(context.Context, string, time.Time) (flows.Memo, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.run.Epoch++
	return flows.Memo{Run: j.run, Attempts: append([]flows.Attempt(nil), j.attempts...)}, nil
}

func (j *journal) TakeUp(ctx context.Context, runID string, now time.Time) (flows.Memo, error) {
	return j.Claim(ctx, runID, now)
}

func (j *journal) Append(_ context.Context, _ string, _ int64, entries []flows.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.add(entries)
	return nil
}

func (j *journal) add(entries []flows.Entry) {
	for _, e := range entries {
		switch {
		case e.Attempt != nil:
			j.put(*e.Attempt)
		case e.Answer != nil && j.response == nil:
			r := e.Answer.Response
			j.response = &r
		case e.Signal != nil:
			if j.signals == nil {
				j.signals = map[flows.Path]flows.Signal{}
			}
			j.signals[e.Signal.Path] = *e.Signal
		}
	}
}

func (j *journal) put(a flows.Attempt) {
	for i := range j.attempts {
		if j.attempts[i].Path == a.Path && j.attempts[i].Number == a.Number {
			j.attempts[i] = a
			return
		}
	}
	j.attempts = append(j.attempts, a)
}

func (j *journal) Park(_ context.Context, _ string, _ int64, entries []flows.Entry, _ flows.Parking) error {
	return j.Append(context.Background(), "", 0, entries)
}

func (j *journal) Finish(_ context.Context, _ string, _ int64, entries []flows.Entry, o flows.Outcome) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.add(entries)
	j.outcome = o
	return nil
}

func (j *journal) Cancel(context.Context, string) error                     { return flows.ErrNotFound }
func (j *journal) CancelChildren(context.Context, string) ([]string, error) { return nil, nil }

// Arrived knows only that nobody answered in time: nobody does in a test.
func (j *journal) Arrived(_ context.Context, _ string, p flows.Path) (flows.Signal, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if s, is := j.signals[p]; is {
		return s, nil
	}
	return flows.Signal{}, flows.ErrNotFound
}

func (j *journal) Outcome(context.Context, string) (flows.Outcome, error) {
	return flows.Outcome{}, flows.ErrConflict
}

func (j *journal) Pending(context.Context) ([]flows.Run, error) { return nil, nil }
