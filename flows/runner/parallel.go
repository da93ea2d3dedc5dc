package runner

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Parallel runs f for 0 to n-1, at most limit at a time. After a failure
// nothing more is begun. It returns the first failure by index; that some
// branches wait for their time counts only when none failed.
func (r *run) Parallel(ctx context.Context, n, limit int, f func(ctx context.Context, i int) error) error {
	workers := min(n, max(limit, 1))
	if workers == 0 {
		return nil
	}
	var (
		wg   sync.WaitGroup
		next atomic.Int64
		fail atomic.Bool
		errs = make([]error, n)
		join = r.branches.split(workers)
	)
	for range workers {
		wg.Go(func() {
			defer join()
			for i := int(next.Add(1)) - 1; i < n && !fail.Load() && !r.branches.ended(); i = int(next.Add(1)) - 1 {
				if errs[i] = r.branch(ctx, i, f); errs[i] != nil && !errors.Is(errs[i], errParked) {
					fail.Store(true)
				}
			}
		})
	}
	wg.Wait()
	var parked error
	for _, err := range errs {
		if err != nil && !errors.Is(err, errParked) {
			return err
		}
		if parked == nil {
			parked = err
		}
	}
	if parked == nil && r.branches.ended() {
		return errParked
	}
	return parked
}

// branch runs f, whose panics would otherwise end the process.
func (r *run) branch(ctx context.Context, i int, f func(ctx context.Context, i int) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = r.bug(v)
		}
	}()
	return f(ctx, i)
}
