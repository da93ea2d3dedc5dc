package runner

import (
	"context"
	"errors"
	"log/slog"

	"flowdeck/cards"
	"flowdeck/flows"
)

// mostLogged bounds what a log line says of an error, in letters.
const mostLogged = 300

// logStep writes a line about an attempt at a step. Of its error it has what the history
// shows, where secrets are masked; of values it has none.
func (r *run) logStep(level slog.Level, what string, a *flows.Attempt, more ...slog.Attr) {
	if !r.x.o.Log.Enabled(context.Background(), level) {
		return
	}
	attrs := []slog.Attr{slog.String("run", r.ID), slog.String("flow", r.FlowID), slog.String("step", string(a.Path)),
		slog.Int("attempt", a.Number), slog.String("card", a.Card)}
	r.x.o.Log.LogAttrs(context.Background(), level, what, append(withError(attrs, a.Error), more...)...)
}

// logFailed writes that a card failed. A flow may be made to cope with that, so it is no
// warning.
func (r *run) logFailed(a *flows.Attempt) {
	if a.NextAt.IsZero() {
		r.logStep(slog.LevelInfo, "a step failed", a)
		return
	}
	r.logStep(slog.LevelInfo, "a step failed and is tried again", a, slog.Duration("in", a.NextAt.Sub(a.Finished)))
}

// logSettled writes what becomes of an attempt that a crash left under way.
func (r *run) logSettled(a *flows.Attempt) {
	if a.Error.Code == cards.CodeUnknownOutcome {
		r.logStep(slog.LevelWarn, "a step was cut off, and whether it took effect is in doubt", a)
		return
	}
	r.logStep(slog.LevelInfo, "a step was cut off, and is run again if its run goes on", a)
}

// logControl writes that a control card failed, when nothing inside of it has said so.
func (r *run) logControl(a *flows.Attempt, err error) {
	var inside *flows.RunError
	var told *cards.Failure
	if !errors.As(err, &inside) && !errors.As(err, &told) {
		r.logFailed(a)
	}
}

// logEnd writes how a run ended that did not do what it should.
func (r *run) logEnd(o *flows.Outcome) {
	if o.Status != flows.Failed {
		return
	}
	level, what := slog.LevelInfo, "a run failed"
	switch {
	case o.Error != nil && o.Error.Code == cards.CodeInterrupted:
		level, what = slog.LevelWarn, "a run was interrupted and does not go on"
	case o.Failure != nil:
		level, what = slog.LevelWarn, "a run failed for good and waits for somebody to look at it"
	}
	attrs := []slog.Attr{slog.String("run", r.ID), slog.String("flow", r.FlowID)}
	if o.ErrorPath != "" {
		attrs = append(attrs, slog.String("step", string(o.ErrorPath)))
	}
	if o.Error != nil && o.Error.Attempt > 0 {
		attrs = append(attrs, slog.Int("attempt", o.Error.Attempt))
	}
	r.x.o.Log.LogAttrs(context.Background(), level, what, withError(attrs, o.Error)...)
}

func withError(attrs []slog.Attr, e *cards.Error) []slog.Attr {
	if e == nil {
		return attrs
	}
	words := []rune(e.Message)
	if len(words) > mostLogged {
		words = append(words[:mostLogged], '…')
	}
	return append(attrs, slog.String("code", e.Code), slog.String("error", string(words)))
}
