package within

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

type name struct{}

var errLate = errors.New("too late")

func TestALimitEndsAtItsTime(t *testing.T) {
	for _, waits := range []bool{false, true} {
		ctx, cancel := DeadlineCause(context.WithValue(context.Background(), name{}, "x"), time.Now().Add(30*time.Millisecond), errLate)
		defer cancel()
		if ctx.Err() != nil || context.Cause(ctx) != nil || ctx.Value(name{}) != "x" {
			t.Fatalf("at the beginning: %v, %v", ctx.Err(), ctx.Value(name{}))
		}
		if waits {
			<-ctx.Done()
		} else {
			time.Sleep(40 * time.Millisecond)
		}
		if ctx.Err() != context.DeadlineExceeded || context.Cause(ctx) != errLate || ctx.Value(name{}) != "x" {
			t.Errorf("waits %t: at the end: %v because of %v", waits, ctx.Err(), context.Cause(ctx))
		}
		select {
		case <-ctx.Done():
		default:
			t.Error("it is over and not done")
		}
	}
}

func TestALimitEndsWithWhatIsAroundIt(t *testing.T) {
	for _, waits := range []bool{false, true} {
		around, end := context.WithCancelCause(context.Background())
		ctx, cancel := Timeout(around, time.Minute)
		defer cancel()
		inner, cancelInner := context.WithCancel(ctx)
		defer cancelInner()
		if waits {
			_ = ctx.Done()
		}
		end(errLate)
		<-inner.Done()
		if ctx.Err() != context.Canceled || context.Cause(ctx) != errLate || context.Cause(inner) != errLate {
			t.Errorf("waits %t: %v because of %v", waits, ctx.Err(), context.Cause(ctx))
		}
	}
}

func TestALimitIsCancelled(t *testing.T) {
	for _, waits := range []bool{false, true} {
		ctx, cancel := Timeout(context.Background(), time.Minute)
		if waits {
			_ = ctx.Done()
		}
		cancel()
		cancel()
		if ctx.Err() != context.Canceled {
			t.Errorf("waits %t: %v", waits, ctx.Err())
		}
		<-ctx.Done()
	}
}

func TestTheEarlierLimitCounts(t *testing.T) {
	first, cancel := DeadlineCause(context.Background(), time.Now().Add(20*time.Millisecond), errLate)
	defer cancel()
	second, cancel := Timeout(first, time.Minute)
	defer cancel()
	third, cancel := Timeout(second, 10*time.Millisecond)
	defer cancel()
	if a, ok := first.Deadline(); !ok || !a.Equal(deadline(t, second)) || !deadline(t, third).Before(a) {
		t.Errorf("%v, %v, %v", a, deadline(t, second), deadline(t, third))
	}
	<-third.Done()
	<-second.Done()
	if context.Cause(second) != errLate || context.Cause(third) != context.DeadlineExceeded {
		t.Errorf("second %v, third %v", context.Cause(second), context.Cause(third))
	}
}

// Who asks why a limit is over hears the cause of the one whose time it was, also when
// nobody has waited for any.
func TestTheEarlierLimitIsTheCause(t *testing.T) {
	first, cancel := DeadlineCause(context.Background(), time.Now().Add(-time.Second), errLate)
	defer cancel()
	second, cancel := Timeout(first, time.Minute)
	defer cancel()
	if second.Err() != context.DeadlineExceeded || context.Cause(second) != errLate || Base(second) != context.Background() {
		t.Errorf("%v because of %v", second.Err(), context.Cause(second))
	}
}

func deadline(t *testing.T, ctx context.Context) time.Time {
	at, ok := ctx.Deadline()
	if !ok {
		t.Fatal("it has no deadline")
	}
	return at
}

func TestTheBaseIsWhatLimitsStandOn(t *testing.T) {
	base, cancel := context.WithCancel(context.WithValue(context.Background(), name{}, "x"))
	defer cancel()
	first, cancel := Timeout(base, time.Hour)
	defer cancel()
	second, cancel := Timeout(first, time.Minute)
	defer cancel()
	if Base(second) != base || Base(first) != base || Base(base) != base {
		t.Errorf("%v, %v, %v", Base(second), Base(first), Base(base))
	}
	_ = second.Done()
	if Base(second) != base {
		t.Errorf("once it is waited for: %v", Base(second))
	}
	between, cancel := context.WithCancel(second)
	defer cancel()
	if Base(between) == base {
		t.Error("the end of a context between is missed")
	}
}

type bell struct{ rung atomic.Int32 }

func (b *bell) Interrupt() { b.rung.Add(1) }

func TestACancelableEndsWithItsCause(t *testing.T) {
	for _, waits := range []bool{false, true} {
		c := Cancel(context.WithValue(context.Background(), name{}, "x"))
		limited, cancel := Timeout(c, time.Minute)
		defer cancel()
		var first, second bell
		unwatch := Watch(limited, &first)
		gone := Watch(c, &second)
		if waits {
			_ = limited.Done()
		}
		if c.Err() != nil || limited.Err() != nil || c.Value(name{}) != "x" || !gone() || gone() {
			t.Fatalf("at the beginning: %v, %v", c.Err(), limited.Err())
		}
		c.Cancel(errLate)
		c.Cancel(errors.New("another"))
		<-limited.Done()
		if c.Err() != context.Canceled || context.Cause(c) != errLate || context.Cause(limited) != errLate || limited.Err() != context.Canceled {
			t.Errorf("waits %t: %v because of %v", waits, c.Err(), context.Cause(limited))
		}
		if first.rung.Load() != 1 || second.rung.Load() != 0 || unwatch() {
			t.Errorf("rung %d and %d times", first.rung.Load(), second.rung.Load())
		}
		if Watch(limited, &second)() || second.rung.Load() != 1 {
			t.Error("who comes late is not told")
		}
	}
}

func TestAnyContextCanBeWatched(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var b bell
	unwatch := Watch(ctx, &b)
	cancel()
	for range 200 {
		if b.rung.Load() == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if b.rung.Load() != 1 || unwatch() {
		t.Errorf("rung %d times", b.rung.Load())
	}
}

// BenchmarkTimeout is a limit that nobody waits for, beside the usual one.
func BenchmarkTimeout(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for name, with := range map[string]func(context.Context, time.Duration) (context.Context, context.CancelFunc){"within": Timeout, "context": context.WithTimeout} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, cancel := with(ctx, time.Minute)
				cancel()
			}
		})
	}
}
