package local

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/schedule"
	"flowdeck/flows/store"
)

const (
	// lookAgain bounds how long a ticker sleeps, and an engine that has runs which wait: another
	// server may have published a flow, and the clock may have been set.
	lookAgain = 5 * time.Second
	// atOnce is how many flows are begun at the same time, to share commits.
	atOnce = 100
	// onceKept is how long it is remembered that a time has begun its run. The schedule
	// itself has gone on to its next time long before.
	onceKept = 7 * 24 * time.Hour
	// holdFor is how long a time waits for the run before it until that is looked for again.
	holdFor = time.Second
)

// Ticker begins the flows that are due. Several may work on one database: each time of
// a schedule begins one run, which is committed together with the fact that it did.
type Ticker struct {
	Store  *store.Store
	Engine flows.Engine
	Now    func() time.Time
	Log    *slog.Logger

	seen time.Time // by the clock, at the last round
}

// Serve begins flows until ctx ends. It sleeps until the first is due.
func (k *Ticker) Serve(ctx context.Context) {
	alarm := time.NewTimer(0)
	defer alarm.Stop()
	for failures := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-alarm.C:
		case <-k.Store.SchedulesChanged():
		}
		wait, err := k.round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failures++
			wait = min(time.Second<<min(failures-1, 5), 30*time.Second)
			if !errors.Is(err, flows.ErrStopped) {
				k.Log.Log(ctx, store.Quiet(slog.LevelError, err), "schedules could not be served and are tried again", "in", wait, "error", err)
			}
		default:
			failures = 0
		}
		alarm.Reset(wait)
	}
}

// round begins everything that is due and says how long there is nothing to do.
func (k *Ticker) round(ctx context.Context) (time.Duration, error) {
	if err := k.putRight(ctx, k.Now()); err != nil {
		return 0, err
	}
	for {
		now := k.Now()
		due, err := k.Store.DueSchedules(ctx, now, atOnce)
		if err != nil {
			return 0, err
		}
		if len(due) == 0 {
			break
		}
		if err := k.begin(ctx, due, now); err != nil {
			return 0, err
		}
	}
	next, err := k.Store.NextSchedule(ctx)
	if err != nil || next.IsZero() {
		return lookAgain, err
	}
	return min(max(next.Sub(k.Now()), 0), lookAgain), nil
}

func (k *Ticker) begin(ctx context.Context, due []store.Scheduled, now time.Time) error {
	errs := make([]error, len(due))
	var all sync.WaitGroup
	for i := range due {
		all.Go(func() { errs[i] = k.one(ctx, due[i], now) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// one begins the runs of one flow. What it could not begin stays due.
func (k *Ticker) one(ctx context.Context, x store.Scheduled, now time.Time) error {
	when, err := schedule.Read(x.Rule)
	if err != nil { // it was checked when it was published: this server knows less
		k.Log.Error("a schedule cannot be read; it is tried again in an hour", "flow", x.FlowID, "error", err)
		return k.Store.SettleSchedule(ctx, x, now.Add(time.Hour), x.Number)
	}
	if x.Next.IsZero() {
		return k.Store.SettleSchedule(ctx, x, when.Next(x.Since), x.Number)
	}
	times, next := when.Due(x.Next, now)
	if x.Held {
		times, next = when.Held(x.Next, now)
	}
	for _, at := range times {
		err := k.start(ctx, x, when, at, x.Number+1)
		if errors.Is(err, flows.ErrOverlap) && when.Waits() {
			return k.Store.HoldSchedule(ctx, x, at, x.Number, now.Add(holdFor))
		}
		if errors.Is(err, flows.ErrOverlap) {
			if err = k.skip(ctx, x, at, now); err == nil {
				continue
			}
		}
		if errors.Is(err, flows.ErrTaken) && when.Alone() && k.wasSkipped(ctx, x, at) { // by another server
			continue
		}
		if err != nil && !errors.Is(err, flows.ErrTaken) {
			return errors.Join(err, k.leave(ctx, x, at, now))
		}
		x.Number++
	}
	return k.Store.SettleSchedule(ctx, x, next, x.Number)
}

// leave lets a time be tried again. One that waited for the run before still does: it is
// not missed, however late it is.
func (k *Ticker) leave(ctx context.Context, x store.Scheduled, at, now time.Time) error {
	if x.Held {
		return k.Store.HoldSchedule(ctx, x, at, x.Number, now.Add(holdFor))
	}
	return k.Store.SettleSchedule(ctx, x, at, x.Number)
}

// skip notes that a time has no run, because the run before it is still under way.
func (k *Ticker) skip(ctx context.Context, x store.Scheduled, at, now time.Time) error {
	err := k.Store.SkipTime(ctx, x.FlowID, flows.Once{Kind: flows.OnceSchedule, Name: onceName(at), Expires: now.Add(onceKept)})
	if err == nil {
		k.Log.Info("a time of a schedule was skipped: the run before is still under way", "flow", x.FlowID, "time", at)
	}
	return err
}

// wasSkipped reports whether a time that is taken has no run.
func (k *Ticker) wasSkipped(ctx context.Context, x store.Scheduled, at time.Time) bool {
	run, _, err := k.Store.Begun(ctx, x.FlowID, flows.OnceSchedule, onceName(at))
	return err == nil && run == ""
}

// onceName is what the journal knows a time by.
func onceName(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// start begins the run of one time; flows.ErrTaken when that time has its run, or was
// skipped, flows.ErrOverlap when it is not begun because the run before is under way.
func (k *Ticker) start(ctx context.Context, x store.Scheduled, when *schedule.Schedule, at time.Time, number int64) error {
	now := k.Now()
	run := flows.Run{ID: store.NewID("r_"), FlowID: x.FlowID, FlowName: x.Name, FlowAlias: x.Alias, Version: x.Version, Document: x.Document,
		Trigger: schedule.Card, Source: "Schedule", Outline: x.Settings.Outline(), Created: now, Event: schedule.Event(when.Zone(), at, now, number),
		Once: &flows.Once{Kind: flows.OnceSchedule, Name: onceName(at), Expires: now.Add(onceKept), Alone: when.Alone()}}
	return k.Engine.Start(ctx, run, x.Settings.StartOptions())
}
