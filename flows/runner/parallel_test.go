package runner

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/flows"
)

func segmentOf(now time.Time) *run {
	x := New(Options{Now: func() time.Time { return now }})
	return newRun(x, flows.Memo{Run: flows.Run{ID: "r_1"}}, &Mail{}, func(Commit) {})
}

// again is the call of a card that is to be tried again.
var again = flows.Call{Step: &flows.Step{}}

func TestParallelRunsAllWithinItsLimit(t *testing.T) {
	r := segmentOf(time.Now())
	var at, most, ran atomic.Int64
	err := r.Parallel(t.Context(), 50, 3, func(context.Context, int) error {
		for n := at.Add(1); ; {
			if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
				break
			}
		}
		ran.Add(1)
		at.Add(-1)
		return nil
	})
	if err != nil || ran.Load() != 50 || most.Load() > 3 {
		t.Errorf("Parallel ran %d of 50, %d at once, %v; want all, at most 3, nil", ran.Load(), most.Load(), err)
	}
}

func TestParallelStopsAfterAFailure(t *testing.T) {
	r := segmentOf(time.Now())
	wrong := errors.New("wrong")
	var ran atomic.Int64
	err := r.Parallel(t.Context(), 100, 1, func(_ context.Context, i int) error {
		ran.Add(1)
		if i == 4 {
			return wrong
		}
		return nil
	})
	if !errors.Is(err, wrong) || ran.Load() != 5 {
		t.Errorf("Parallel ran %d, %v; want 5 and the failure", ran.Load(), err)
	}
}

func TestAPanicInABranchIsAnError(t *testing.T) {
	r := segmentOf(time.Now())
	if err := r.Parallel(t.Context(), 2, 2, func(context.Context, int) error { panic("broken") }); err == nil {
		t.Error("Parallel with a branch that panics = nil, want an error")
	}
}

func TestBranchesParkWhenAllWait(t *testing.T) {
	now := time.Now()
	r := segmentOf(now)
	sooner, later := now.Add(time.Minute), now.Add(time.Hour)
	waiting := make(chan struct{})
	err := r.Parallel(t.Context(), 3, 3, func(ctx context.Context, i int) error {
		switch i {
		case 0:
			close(waiting)
			return r.wait(ctx, "a", try{due: later}, again)
		case 1:
			return r.wait(ctx, "b", try{due: sooner}, again)
		}
		<-waiting // the branch that does something holds the others up
		return nil
	})
	if !errors.Is(err, errParked) {
		t.Fatalf("Parallel with two long waits = %v, want errParked", err)
	}
	if got, meant := r.branches.wake(); !got.Equal(sooner) || meant {
		t.Errorf("the segment is due at %s, want the earliest, %s", got, sooner)
	}
}

func TestOneBranchGoesOnWhileAnotherWaits(t *testing.T) {
	r := segmentOf(time.Now())
	release, began := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		done <- r.Parallel(t.Context(), 2, 2, func(ctx context.Context, i int) error {
			if i == 0 {
				close(began)
				return r.wait(ctx, "a", try{due: r.x.o.Now().Add(time.Hour)}, again)
			}
			<-began
			<-release
			return nil
		})
	}()
	<-began
	select {
	case err := <-done:
		t.Fatalf("Parallel = %v while a branch was busy", err)
	default:
	}
	close(release)
	if err := <-done; !errors.Is(err, errParked) {
		t.Errorf("Parallel = %v when the last busy branch had ended, want errParked", err)
	}
}

func TestNestedBranchesParkOnce(t *testing.T) {
	r := segmentOf(time.Now())
	err := r.Parallel(t.Context(), 2, 2, func(ctx context.Context, i int) error {
		return r.Parallel(ctx, 2, 2, func(ctx context.Context, j int) error {
			if i == 0 && j == 0 {
				return nil
			}
			return r.wait(ctx, "a", try{due: r.x.o.Now().Add(time.Hour)}, again)
		})
	})
	if !errors.Is(err, errParked) {
		t.Errorf("nested Parallel = %v, want errParked", err)
	}
}

func TestAFailureCountsMoreThanAWait(t *testing.T) {
	r := segmentOf(time.Now())
	wrong := errors.New("wrong")
	err := r.Parallel(t.Context(), 2, 2, func(ctx context.Context, i int) error {
		if i == 0 {
			return r.wait(ctx, "a", try{due: r.x.o.Now().Add(time.Hour)}, again)
		}
		return wrong
	})
	if !errors.Is(err, wrong) {
		t.Errorf("Parallel = %v, want the failure", err)
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	r := segmentOf(time.Now())
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(ErrCancelled)
	if err := r.wait(ctx, "a", try{due: r.x.o.Now().Add(time.Second)}, again); !errors.Is(err, ErrCancelled) {
		t.Errorf("wait = %v, want ErrCancelled", err)
	}
}
