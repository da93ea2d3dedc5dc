package runner

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Parallel runs f for 0 to n-1, at most limit at a time. After a failure
// nothing more is begun. It returns the first failure by index; that some
// branches wait for their time counts only when none failed, else they are cut off.
func (r *run) Parallel(ctx context.Context, n, limit int, f func(ctx context.Context, i int) error) error {
	workers := min(n, max(limit, 1))
	if workers == 0 {
		return nil
	}
	var (
		wg        sync.WaitGroup
		next      atomic.Int64
		fail, cut atomic.Bool
		errs      = make([]error, n)
		join      = r.branches.split(workers)
	)
	for range workers {
		wg.Go(func() {
			defer join()
			for i := int(next.Add(1)) - 1; i < n && !fail.Load(); i = int(next.Add(1)) - 1 {
				if r.branches.ended() {
					cut.Store(true)
					return
				}
				errs[i] = r.branch(ctx, i, f)
				if errors.Is(errs[i], errParked) { // nothing comes after what waits, or was cut off as it waited
					cut.Store(true)
					return
				}
				if errs[i] != nil {
					fail.Store(true)
				}
			}
		})
	}
	wg.Wait()
	if !fail.Load() && !cut.Load() {
		return nil
	}
	var (
		failure error
		all     parked
	)
	for _, err := range errs {
		var p *parked
		switch {
		case errors.As(err, &p):
			all.waits = append(all.waits, p.waits...)
		case failure == nil && !errors.Is(err, errParked):
			failure = err
		}
	}
	if failure == nil {
		return &all
	}
	return r.cutOthers(ctx, failure, all.waits)
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
