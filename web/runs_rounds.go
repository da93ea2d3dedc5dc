package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/views"
)

// Bounds of the strip of rounds: how many that failed, and how many around the one shown.
const (
	shownFailed = 12
	shownBeside = 4
)

// loopRounds is what is known of the rounds of a loop, in the round of its own loop that is shown.
type loopRounds struct {
	path   flows.Path
	shown  int
	newest int   // that is known to have begun; -1 when none is
	failed []int // in which a card failed for good
}

// enterLoops chooses a round of every loop: the one that at stands in, else the first
// that failed. It gives the steps inside the paths that they have there, and returns
// where that is.
func (d *runDrawing) enterLoops(ctx context.Context, at flows.Path) (chosen []flows.Path, err error) {
	d.loops = map[string]*loopRounds{}
	if !slices.ContainsFunc(d.steps, loops) {
		return nil, nil
	}
	failed, err := d.s.Store.FailedRounds(ctx, d.run.ID)
	if err != nil {
		return nil, err
	}
	for _, path := range []flows.Path{at, d.run.ErrorPath, d.run.ResponsePath} {
		if at = path; at != "" {
			break
		}
	}
	d.steps = slices.Clone(d.steps)
	prefix := map[string]flows.Path{"": ""} // of the steps inside, by step
	for i := range d.steps {
		s := &d.steps[i]
		s.Path = prefix[s.Parent] + flows.Path(s.ID)
		prefix[s.ID] = s.Path + "/"
		if !loops(*s) {
			continue
		}
		l := roundsAt(s.Path, at, failed)
		d.loops[s.ID] = l
		prefix[s.ID] = s.Path + flows.Path("["+strconv.Itoa(l.shown)+"]/")
		chosen = append(chosen, prefix[s.ID])
	}
	return chosen, nil
}

// loops reports whether the card runs what is inside of it in rounds.
func loops(s flows.StepInfo) bool {
	return slices.ContainsFunc(s.Card.Blocks, func(b cards.BlockSpec) bool { return b.Loop })
}

// roundsAt gathers what is known of the loop at path.
func roundsAt(path, at flows.Path, failed []flows.Path) *loopRounds {
	l := &loopRounds{path: path, shown: -1, newest: -1}
	for _, p := range failed {
		if n, ok := roundOf(path, p); ok {
			l.failed = append(l.failed, n)
		}
	}
	slices.Sort(l.failed)
	l.failed = slices.Compact(l.failed)
	l.began(failed)
	if n, ok := roundOf(path, at); ok {
		l.shown = n
	} else if len(l.failed) > 0 {
		l.shown = l.failed[0]
	}
	l.shown = max(l.shown, 0)
	return l
}

// began takes up that there are rounds with these steps.
func (l *loopRounds) began(steps []flows.Path) {
	for _, p := range steps {
		if n, ok := roundOf(l.path, p); ok {
			l.newest = max(l.newest, n)
		}
	}
}

// findNewest looks how far the loops came that have not said it themselves: they are
// under way, were left, or say so much that it was not read.
func (d *runDrawing) findNewest(ctx context.Context) error {
	var silent []flows.Path
	for _, step := range d.steps {
		if l := d.loops[step.ID]; l != nil && d.counted(step) == 0 {
			silent = append(silent, l.path)
		}
	}
	newest, err := d.s.Store.NewestRounds(ctx, d.run.ID, silent)
	for _, l := range d.loops {
		l.began(newest)
	}
	return err
}

// roundOf returns in which round of the loop at path another path is.
func roundOf(path, in flows.Path) (int, bool) {
	rest, ok := strings.CutPrefix(string(in), string(path)+"[")
	if !ok {
		return 0, false
	}
	digits, _, ok := strings.Cut(rest, "]")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n >= 0
}

// counted is how many rounds a loop says that it had; 0 when it says nothing.
func (d *runDrawing) counted(step flows.StepInfo) (n int) {
	a, _ := d.last(step.ID)
	for _, name := range []string{"count", "rounds"} {
		if said, ok := a.Output[name].(int64); ok {
			n = int(said)
		}
	}
	return n
}

// total is how many rounds a loop has, as far as is known.
func (d *runDrawing) total(step flows.StepInfo) int {
	return max(d.counted(step), d.loops[step.ID].newest+1)
}

// rounds draws the strip of rounds of a loop: those that failed first, then those
// around the one that is shown.
func (d *runDrawing) rounds(step flows.StepInfo) *views.RunRounds {
	l, inside := d.loops[step.ID], d.children[step.ID]
	total := 0
	if l != nil {
		total = d.total(step)
	}
	if total == 0 || len(inside) == 0 {
		return nil
	}
	m := &views.RunRounds{Label: "Rounds of " + step.Title, Text: "Round " + strconv.Itoa(l.shown+1) + " of " + strconv.Itoa(total)}
	if len(l.failed) > 0 {
		m.Text += " · cards failed in " + count(len(l.failed), "round", "rounds")
	}
	add := func(n int, gap bool) {
		r := views.RunRound{Text: strconv.Itoa(n + 1), Title: "Round " + strconv.Itoa(n+1), Current: n == l.shown, Gap: gap,
			Href: d.stepURL(step.Path + flows.Path("["+strconv.Itoa(n)+"]/"+inside[0].ID))}
		if slices.Contains(l.failed, n) {
			r.Kind, r.Title = "err", r.Title+", a card failed"
		}
		m.Items = append(m.Items, r)
	}
	for _, n := range l.failed[:min(len(l.failed), shownFailed)] {
		add(n, false)
	}
	before := -1
	for _, n := range beside(l.shown, total) {
		if slices.Contains(l.failed[:min(len(l.failed), shownFailed)], n) {
			continue
		}
		add(n, before >= 0 && n != before+1 || before < 0 && len(m.Items) > 0)
		before = n
	}
	return m
}

// beside are the first round, the last one, and those around the one that is shown.
func beside(shown, total int) []int {
	list := []int{0}
	for n := max(shown-shownBeside, 1); n <= min(shown+shownBeside, total-1); n++ {
		list = append(list, n)
	}
	if last := list[len(list)-1]; last < total-1 {
		list = append(list, total-1)
	}
	return list
}

// looped is what a loop did, in words.
func (d *runDrawing) looped(step flows.StepInfo, a flows.Attempt) string {
	if d.loops[step.ID] == nil {
		return ""
	}
	text := count(d.total(step), "round", "rounds")
	if n, ok := a.Output["failed"].(int64); ok && n > 0 {
		text += ", " + strconv.FormatInt(n, 10) + " failed"
	}
	return text
}
