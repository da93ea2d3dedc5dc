package web

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

const (
	// mostRedone is how many runs one redo takes up.
	mostRedone = 1000
	// mostBegun is how many runs that they began are looked at to say what would be repeated.
	mostBegun = 5000
	// mostWeighed is how many cards of all of them are.
	mostWeighed = 200_000
)

// picked are the failed runs that are taken up together: those that nobody has dealt
// with, of a flow or a search, up to the newest one that there was when they were shown.
type picked struct {
	flowID, query, upTo string
	runs                []string // oldest first
	flows               map[string]string
	more                bool // there are more than are taken up at once
}

func (s *Server) pick(ctx context.Context, flowID, query, upTo string) (picked, error) {
	p := picked{flowID: flowID, query: query, upTo: upTo, flows: map[string]string{}}
	f := store.RunFilter{FlowID: flowID, Query: query, UpTo: upTo, Open: true, Status: flows.Failed, Limit: 200}
	for {
		rows, next, err := s.Store.Runs(ctx, f)
		if err != nil {
			return p, err
		}
		for _, r := range rows {
			if p.upTo == "" {
				p.upTo = r.ID
			}
			if len(p.runs) == mostRedone {
				p.more = true
				break
			}
			p.runs = append(p.runs, r.ID)
			p.flows[r.FlowID] = r.FlowName
		}
		if next == "" || p.more {
			slices.Reverse(p.runs)
			return p, nil
		}
		f.Before = next
	}
}

// written is a card that changes something, summed over the runs that are taken up.
type written struct {
	flowID, stepID string
	document       string // that has its title: of the first run
	number, title  string
	runs, times    int
	done           int // had succeeded
	doubtful       int // were begun, and it is not known whether they took effect
	failed         int
	last           string // run that was counted last
}

// weighed is what taking runs up again repeats.
type weighed struct {
	failed, start []*written        // from the step that failed; from the start
	flows         map[string]string // names of those that the cards are of
	cut           bool              // not every card was looked at
}

// weigh says which cards that change something would run a second time, of the runs that
// were picked and of those that they began, with the version that ran or the one that is live.
func (s *Server) weigh(ctx context.Context, p picked, version string) (weighed, error) {
	b, err := s.begunBy(ctx, p.runs)
	if err != nil {
		return weighed{}, err
	}
	if version == liveVersion {
		if b.live, err = s.livePlaces(ctx, p.flows); err != nil {
			return weighed{}, err
		}
	}
	w, err := s.weighRuns(ctx, slices.Concat(p.runs, b.runs), b)
	maps.Copy(w.flows, p.flows)
	return w, err
}

// livePlaces are the steps of the live versions of flows, by flow and step. One that has none
// has no steps: its runs are refused.
func (s *Server) livePlaces(ctx context.Context, of map[string]string) (map[string]map[string]flows.StepInfo, error) {
	documents, err := s.Store.LiveDocuments(ctx, slices.Collect(maps.Keys(of)))
	if err != nil {
		return nil, err
	}
	live := map[string]map[string]flows.StepInfo{}
	for id, document := range documents {
		program, err := s.Programs(ctx, document)
		if err != nil {
			continue // it has things to fix: nothing of it runs
		}
		live[id] = map[string]flows.StepInfo{}
		for _, step := range program.Steps() {
			live[id][step.ID] = step
		}
	}
	return live, nil
}

// weighRuns is weigh for these runs alone, of which b says what a step began anew.
func (s *Server) weighRuns(ctx context.Context, runs []string, b begun) (w weighed, err error) {
	failed, start := map[[2]string]*written{}, map[[2]string]*written{}
	cut, err := s.Store.LastAttempts(ctx, runs, mostWeighed, func(a store.Write) {
		card, known := s.Cards.Card(a.Card)
		if !known || a.Status == flows.Skipped || !mayWrite(card.World, a.Input != nil, card.Writes(a.Input), card.Changes != nil) {
			return
		}
		if !b.gone(a) {
			tally(start, a)
		}
		if b.again(a) {
			tally(failed, a)
		}
	})
	w = weighed{failed: sum(failed), start: sum(start), flows: maps.Clone(b.flows), cut: cut || b.cut}
	// Not while the query is open: a document may have to be read, by another connection.
	steps := map[string]map[string]flows.StepInfo{} // by document and step
	for _, x := range slices.Concat(w.failed, w.start) {
		if steps[x.document] == nil {
			steps[x.document] = s.stepsOf(ctx, x.document)
		}
		i := steps[x.document][x.stepID]
		x.number, x.title = i.Number, cmp.Or(i.Title, x.stepID)
	}
	return w, err
}

// begun are the runs that the steps of runs began, and theirs, not what failures began.
// Whoever goes on with the first ones does the work of some again, and that of others not.
type begun struct {
	runs  []string
	anew  map[string]bool // the step did not finish: it begins another run, at its start
	kept  map[string]bool // the step finished, and is not taken again
	flows map[string]string
	cut   bool // not all are there
	// live are the steps with which the first ones go on, by flow and step; nil: as they were.
	live map[string]map[string]flows.StepInfo
}

// gone reports whether the first ones go on with a version that does not have a step of them.
func (b *begun) gone(a store.Write) bool {
	_, is := b.live[a.FlowID][a.StepID]
	return b.live != nil && !is && !b.anew[a.RunID] && !b.kept[a.RunID]
}

// again reports whether a step, of one of the first ones or of those that they began, runs once
// more when the first ones go on at the steps that failed.
func (b *begun) again(a store.Write) bool {
	switch {
	case b.anew[a.RunID]:
		return true
	case b.kept[a.RunID]:
		return false
	case b.live == nil:
		return a.Status != flows.Succeeded
	}
	now, is := b.live[a.FlowID][a.StepID]
	return is && (a.Status != flows.Succeeded || !now.Did(a.Attempt))
}

func (s *Server) begunBy(ctx context.Context, runs []string) (begun, error) {
	b := begun{anew: map[string]bool{}, kept: map[string]bool{}, flows: map[string]string{}}
	for len(runs) > 0 {
		list, err := s.Store.BegunBy(ctx, runs, mostBegun-len(b.runs))
		if err != nil {
			return b, err
		}
		runs = nil
		for _, x := range list {
			runs = append(runs, x.ID)
			b.flows[x.FlowID] = x.FlowName
			if b.kept[x.Parent] || x.Kept && !b.anew[x.Parent] {
				b.kept[x.ID] = true
			} else {
				b.anew[x.ID] = true
			}
		}
		if b.runs = append(b.runs, runs...); len(b.runs) == mostBegun {
			b.cut = true
			break
		}
	}
	return b, nil
}

// mayWrite reports whether a card may have changed something; one whose input is too
// long to look at and decides it may have.
func mayWrite(world, seen, writes, depends bool) bool { return writes || world && !seen && depends }

func (s *Server) stepsOf(ctx context.Context, document string) map[string]flows.StepInfo {
	steps := map[string]flows.StepInfo{}
	if program, err := s.Programs(ctx, document); err == nil {
		for _, i := range program.Steps() {
			steps[i.ID] = i
		}
	}
	return steps
}

// placed is a card as people know it: "Ticket (step 4 of Orders)". The flow is "" where it is known.
func placed(title, number, flow string) string {
	switch {
	case number != "" && flow != "":
		return title + " (step " + number + " of " + flow + ")"
	case number != "":
		return title + " (step " + number + ")"
	case flow != "":
		return title + " (of " + flow + ")"
	}
	return title
}

func tally(into map[[2]string]*written, a store.Write) {
	key := [2]string{a.FlowID, a.StepID}
	x := into[key]
	if x == nil {
		x = &written{flowID: a.FlowID, stepID: a.StepID, document: a.Document}
		into[key] = x
	}
	if x.last != a.RunID {
		x.last = a.RunID
		x.runs++
	}
	x.times++
	switch {
	case a.Status == flows.Succeeded:
		x.done++
	case a.Error == nil || a.Error.Code == "unknown_outcome" || a.Error.Code == "timeout" || a.Error.Code == "reset":
		x.doubtful++
	default:
		x.failed++
	}
}

func sum(of map[[2]string]*written) (list []*written) {
	for _, x := range of {
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b *written) int {
		return cmp.Or(cmp.Compare(b.times, a.times), cmp.Compare(a.flowID+a.stepID, b.flowID+b.stepID))
	})
	return list
}

// words say how often a card would run a second time, and what came of the first: "once; it
// had failed", "4 times; all had taken effect", "5 times in 2 runs; 3 had taken effect, 2 had failed".
func (x *written) words() string {
	text := "once"
	if x.times != 1 {
		text = strconv.Itoa(x.times) + " times"
	}
	if x.runs != x.times {
		text += " in " + count(x.runs, "run", "runs")
	}
	var came []string
	for _, part := range []struct {
		n    int
		what string
	}{{x.done, "had taken effect"}, {x.doubtful, "may have taken effect"}, {x.failed, "had failed"}} {
		switch part.n {
		case 0:
		case x.times:
			if x.times == 1 {
				return text + "; it " + part.what
			}
			return text + "; all " + part.what
		default:
			came = append(came, strconv.Itoa(part.n)+" "+part.what)
		}
	}
	return text + "; " + strings.Join(came, ", ")
}
