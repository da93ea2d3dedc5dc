package local

import (
	"cmp"
	"slices"
	"time"
)

const (
	// fewDied is how many processes may have died of a run before it is driven apart.
	fewDied = 2
	// A run that is driven apart has apartFor to come to an end, or to a wait, before the next one
	// begins all the same; less when there are many, so that this takes allApart at most.
	apartFor = 20 * time.Second
	allApart = 10 * time.Minute
)

// diedPause is how long a run waits of which one more than fewDied have died; then twice as
// long with each: meanwhile the server is there for all else.
var diedPause = 5 * time.Second

// suspects are the runs that several processes in a row died with. The engine's mutex guards
// them.
type suspects struct {
	waiting []suspect // those that fewer died with come first
	begun   *entry    // the newest that has begun, and has not come to an end or a wait yet
	pause   time.Duration
	timer   *time.Timer
}

// suspect is a run that processes died with.
type suspect struct {
	en   *entry
	died int
	from time.Time // it does not begin before
}

// apart has runs that processes died with, one of which they may have died of, begin one after
// the other. If it is one of them, the next process dies with few others, and soon it is known
// which; if it was all of them together, for want of memory, then they are not together now.
// The caller holds mu.
func (e *Engine) apart(list []suspect) {
	if len(list) == 0 {
		return
	}
	s, now := &e.suspects, e.o.Now()
	for _, x := range list {
		x.en.suspect = true
		e.park(x.en, time.Time{})
		if x.from = now; x.died > fewDied {
			x.from = now.Add(diedPause << (x.died - fewDied - 1))
		}
		s.waiting = append(s.waiting, x)
	}
	slices.SortStableFunc(s.waiting, func(a, b suspect) int { return cmp.Or(cmp.Compare(a.died, b.died), a.from.Compare(b.from)) })
	s.pause = min(apartFor, allApart/time.Duration(len(s.waiting)))
	e.o.Log.Warn("the server died several times in a row while it drove these runs: they begin one after the other", "runs", len(list), "first", list[0].en.id)
	if s.begun == nil {
		e.nextSuspect()
	}
}

// nextSuspect has the next one begin when it may. The caller holds mu.
func (e *Engine) nextSuspect() {
	s := &e.suspects
	if s.begun = nil; s.timer != nil {
		s.timer.Stop()
	}
	for len(s.waiting) > 0 && !e.stopped {
		next := s.waiting[0]
		if wait := next.from.Sub(e.o.Now()); wait > 0 {
			s.timer = time.AfterFunc(wait, func() { e.suspectOver(nil) })
			return
		}
		s.waiting = s.waiting[1:]
		if e.runs[next.en.id] != next.en || !next.en.suspect || !next.en.idle { // it was cancelled, or is another server's
			continue
		}
		s.begun = next.en
		s.timer = time.AfterFunc(s.pause, func() { e.suspectOver(next.en) })
		e.rouse(next.en)
		return
	}
}

// suspectOver has the next suspect begin when en is the newest that has begun; nil: none has.
func (e *Engine) suspectOver(en *entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.suspects.begun == en {
		e.nextSuspect()
	}
}
