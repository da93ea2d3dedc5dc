package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// report counts what was found.
type report struct {
	seed        uint64
	kills       int
	callers     int
	took        time.Duration
	starts      []time.Duration
	left        int
	calls       int
	answered    int // with what the flow says
	accepted    int // with the id of a run that goes on
	toldFailed  int
	refused     int // nothing was started
	unanswered  int
	unheard     int // of these, the ones that began a run
	runs        int
	succeeded   int
	inDoubt     int // ended with unknown_outcome
	cards       int
	requests    int
	finished    int // cards of snapshots
	forgotten   int // places of runs that never were
	reread      int
	reput       int
	resent      int
	killed      []time.Time
	quick       int // answered by the express flow, and kept
	unkept      int // answered by the express flow, and lost with the kill
	interrupted int
	doubtful    int
	wrong       map[string][]string
}

// promises are what must not be, in the order of the table.
var promises = []string{
	"accepted runs that are lost", "answers that are not so", "refused calls that began a run", "calls that began two runs", "runs that do not end",
	"runs that ended otherwise", "runs that left a card out", "cards without an end", "cards that never ran", "finished cards that ran again", "writes that were repeated",
	"other Idempotency-Keys", "writes without a trace", "writes of a run that nobody knows", "called runs that are lost", "runs of a run that is lost", "answers that nobody expects",
	"express writes that were repeated", "express runs that are lost",
}

type line struct {
	what  string
	count string
}

func (r *report) lines() []line {
	n := func(what string, count int) line { return line{what, fmt.Sprint(count)} }
	list := []line{
		n("Kills with SIGKILL", r.kills),
		{"Time to be ready again, median and longest", quantile(r.starts, .5) + ", " + quantile(r.starts, 1)},
		n("Calls", r.calls),
		n("– answered by the flow", r.answered),
		n("– answered by an express flow, and kept", r.quick),
		n("– answered by an express flow less than 2 s before a kill, and not kept", r.unkept),
		n("– told the id of a run that goes on", r.accepted),
		n("– told that the run failed", r.toldFailed),
		n("– refused before anything began", r.refused),
		n("– without an answer, because of a kill", r.unanswered),
		n("– – of which began a run, that came to its end", r.unheard),
		n("Runs", r.runs),
		n("– succeeded", r.succeeded),
		n("– failed with `unknown_outcome`, as their card is set", r.inDoubt),
		n("– express, failed with `interrupted`", r.interrupted),
		n("Cards that finished", r.cards),
		n("Requests that the flows made", r.requests),
		n("– GET again, because a kill hid its answer", r.reread),
		n("– PUT again, because a kill hid its answer", r.reput),
		n("– POST again with the same `Idempotency-Key`, as its card is set", r.resent),
		n("– POST that arrived and is in doubt; not sent again, as its card is set", r.doubtful),
		n("– GET of calls that nobody was told of, and are not kept", r.forgotten),
		n("Finished cards looked at again after kills", r.finished),
	}
	for _, kind := range promises {
		list = append(list, line{strings.ToUpper(kind[:1]) + kind[1:], fmt.Sprintf("**%d**", len(r.wrong[kind]))})
	}
	return list
}

func quantile(list []time.Duration, q float64) string {
	if len(list) == 0 {
		return "none"
	}
	list = slices.Sorted(slices.Values(list))
	return list[min(int(q*float64(len(list))), len(list)-1)].Round(time.Millisecond).String()
}

// text is the table, and what is wrong, for a terminal.
func (r *report) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d callers, seed %d, %s\n\n", r.callers, r.seed, r.took.Round(time.Second))
	for _, l := range r.lines() {
		fmt.Fprintf(&b, "%-75s %s\n", strings.ReplaceAll(l.what, "`", ""), strings.ReplaceAll(l.count, "*", ""))
	}
	for kind, list := range r.wrong {
		for i, text := range list {
			if i == 10 {
				fmt.Fprintf(&b, "%s: and %d more\n", kind, len(list)-i)
				break
			}
			fmt.Fprintf(&b, "%s: %s\n", kind, text)
		}
	}
	return b.String()
}

// markdown is the table for the documentation.
func (r *report) markdown() string {
	var b strings.Builder
	b.WriteString("| what | count |\n|---|---|\n")
	for _, l := range r.lines() {
		fmt.Fprintf(&b, "| %s | %s |\n", l.what, l.count)
	}
	return b.String()
}

// verdict is nil when everything is as it was promised, and enough happened to say so.
func (r *report) verdict() error {
	n := 0
	for _, list := range r.wrong {
		n += len(list)
	}
	switch {
	case n > 0:
		return fmt.Errorf("%d things are not as they were promised", n)
	case r.answered == 0 || r.accepted == 0 || r.unanswered == 0 || r.finished == 0 || r.reread+r.reput+r.resent == 0:
		return fmt.Errorf("too little happened to say anything: %d answers, %d ids, %d calls cut off, %d cards looked at", r.answered, r.accepted, r.unanswered, r.finished)
	}
	return nil
}
