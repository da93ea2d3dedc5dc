package flows

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// mostDetails is of how many failed rounds all is kept; of the others, code and message.
const mostDetails = 1000

// Each runs a block once per item. While it runs, the card's own outputs are
// item and index; what its steps give is gone after the round.
func (sc *scope) Each(block string, items []any, o cards.Rounds) (cards.Rounded, error) {
	b, err := sc.find(block)
	if err != nil {
		return cards.Rounded{}, err
	}
	l := loop{scope: sc, block: b, items: items, goOn: o.GoOn}
	if b.gives {
		l.results = make([]schema.Values, len(items))
	}
	if c, ok := sc.machine.fx.(Counts); ok {
		round, end := c.Counting(sc.path, len(items))
		l.counted = round
		defer end()
	}
	defer func() { sc.machine.unfinished.Add(-l.size) }()
	if err := sc.machine.fx.Parallel(sc.ctx, len(items), max(o.Limit, 1), l.round); err != nil {
		return cards.Rounded{}, err
	}
	return l.done(), nil
}

// loop is one Each at work.
type loop struct {
	scope *scope
	block *plannedBlock
	items []any
	goOn  bool

	counted func()          // called after each round; nil: nobody counts
	results []schema.Values // by round; nil of a block without results
	mu      sync.Mutex
	size    int64 // of results
	left    int
	failed  []cards.FailedRound
}

func (l *loop) round(ctx context.Context, i int) error {
	sc := l.scope
	out, err := sc.round(ctx, l.block, i, schema.Values{"item": l.items[i], "index": int64(i)}, 0)
	if l.counted != nil {
		l.counted()
	}
	if err == nil {
		return l.keep(i, out)
	}
	if leaves(err) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.left++
		return nil
	}
	failure := failureOf(ctx, sc.path, sc.step.id, err)
	if !l.goOn || failure == nil || !cards.Matches("any", failure.Err.Code) {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.failed) >= mostDetails {
		short := cards.Error{Code: failure.Err.Code, Message: failure.Err.Message, Retryable: failure.Err.Retryable, Attempt: failure.Err.Attempt}
		failure = &cards.Failure{Err: &short, Step: failure.Step, Path: failure.Path}
	}
	l.failed = append(l.failed, cards.FailedRound{Index: i, Item: l.items[i], Failure: failure})
	return nil
}

// keep takes in what a round results in.
func (l *loop) keep(i int, out schema.Values) error {
	if l.results == nil {
		return nil
	}
	if out == nil {
		out = schema.Values{}
	}
	n := SizeOf(out)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size+n > l.scope.machine.limits.results {
		return l.scope.machine.limits.tooManyResults()
	}
	l.results[i] = out
	l.size += n
	if m := l.scope.machine; m.unfinished.Add(n) > m.limits.memory {
		return m.limits.tooMuchHeld(l.scope.step.id)
	}
	return nil
}

func (l *loop) done() cards.Rounded {
	d := cards.Rounded{Results: []any{}, Left: l.left, Failures: l.failed}
	for _, r := range l.results {
		if r != nil {
			d.Results = append(d.Results, r)
		}
	}
	slices.SortFunc(d.Failures, func(a, b cards.FailedRound) int { return cmp.Compare(a.Index, b.Index) })
	return d
}

// round runs a block as round i, in a frame of its own. Own is what the cards inside see of
// the card, and carried how much of it nothing else holds.
func (sc *scope) round(ctx context.Context, b *plannedBlock, i int, own schema.Values, carried int64) (schema.Values, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := sc.frame.round(sc.step)
	defer sc.machine.release(f)
	if err := sc.machine.holdBytes(f, sc.step.id, carried); err != nil {
		return nil, err
	}
	f.put(sc.step.slot, own)
	return sc.machine.block(ctx, sc.path+Path("["+strconv.Itoa(i)+"]/"), b, f)
}

// Round runs a block as one round. What it is given from the round before counts as held.
func (sc *scope) Round(block string, n int, own schema.Values) (schema.Values, bool, error) {
	b, err := sc.find(block)
	if err != nil {
		return nil, false, err
	}
	if sc.carried == nil {
		sc.carried = sizes{}
	}
	out, err := sc.round(sc.ctx, b, n, own, sc.carried.of(own))
	if leaves(err) {
		return nil, true, nil
	}
	return out, false, err
}

// Late evaluates the inputs that the card left for later.
func (sc *scope) Late(own schema.Values) (schema.Values, error) {
	f := sc.frame.round(sc.step)
	f.put(sc.step.slot, own)
	v, err := sc.step.late.Eval(f)
	if err != nil {
		return nil, invalidInput(err)
	}
	in, _ := v.(map[string]any)
	return in, nil
}
