package local

import (
	"context"
	"errors"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/schedule"
	"flowdeck/flows/store"
)

// mostHad is how many times that had their runs are passed over for one schedule.
const mostHad = 1000

// putRight has schedules wait for their next time again that were taken far ahead by a clock
// that was wrong: those whose rule names one before the one that they wait for. It looks when the
// clock has gone back, and at the start, before which it may have.
func (k *Ticker) putRight(ctx context.Context, now time.Time) error {
	now = now.Round(0) // as the clock has it: else it never goes back
	if !k.seen.IsZero() && !now.Before(k.seen) {
		k.seen = now
		return nil
	}
	list, err := k.Store.AheadSchedules(ctx, now)
	for _, x := range list {
		if err == nil {
			err = k.sooner(ctx, x, now)
		}
	}
	if err == nil {
		k.seen = now
	}
	return err
}

// sooner has one schedule wait for the first time after now that had no run.
func (k *Ticker) sooner(ctx context.Context, x store.Scheduled, now time.Time) error {
	when, err := schedule.Read(x.Rule)
	if err != nil {
		return nil // one says so when it is due
	}
	if !x.Next.After(now) { // it waits for the run before it, to be looked for again in the past
		return k.Store.HoldSchedule(ctx, x, x.Next, x.Number, now)
	}
	next := when.Next(now)
	for range mostHad {
		if next.IsZero() || !next.Before(x.Next) {
			return nil
		}
		_, _, err := k.Store.Begun(ctx, x.FlowID, flows.OnceSchedule, onceName(next))
		if errors.Is(err, flows.ErrNotFound) {
			k.Log.Warn("a schedule waits for its next time again, of which a wrong clock had taken it far ahead", "flow", x.FlowID, "from", x.Next, "to", next)
			return k.Store.SettleSchedule(ctx, x, next, x.Number)
		}
		if err != nil {
			return err
		}
		next = when.Next(next)
	}
	return nil
}
