package runner

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"flowdeck/flows"
)

const (
	// linger is how long a card may run before its start is written down, so that
	// people who watch see it.
	linger = 250 * time.Millisecond
	// busyLinger is that of a run that began when more than manyFresh were new: nobody
	// watches so many, and what is written down before its end takes several times as much
	// work as what is written down with it, so that all would take longer still.
	busyLinger = time.Second
	manyFresh  = 32
	// answerLinger is how long an answer may wait for company in its commit.
	answerLinger = 5 * time.Millisecond
	// mostPending bounds the entries that are held back. Beyond the first manyPending, those of
	// a run may take mostHeld, and those of all runs mostHeldOfAll, in bytes, about; entrySize
	// is what one takes, with its maps, without what is in them.
	mostPending   = 2048
	manyPending   = 256
	mostHeld      = 3 << 20
	mostHeldOfAll = 64 << 20
	entrySize     = 1200
)

// passPause is how long a commit waits at first before it is tried again in trouble that
// passes; then twice as long, up to mostPassPause.
const (
	passPause     = 50 * time.Millisecond
	mostPassPause = time.Second
)

var errClosed = errors.New("the segment is over")

// ledger gathers what a run has to write and commits it in order, in as few
// commits as the promises allow: what is pending goes with the next barrier.
type ledger struct {
	journal flows.Journal
	runID   string
	epoch   int64
	done    Committed
	express bool // nobody waits for the journal
	x       *Executor
	run     *flows.Run
	watcher Watcher // nil: nobody is told

	writing sync.Mutex // held during a commit, so that commits keep their order
	closed  bool       // under writing
	spared  bool       // likewise: nothing is kept of the run

	mu      sync.Mutex
	unborn  *flows.Run // what is to be created with the first commit; nil when it is there
	busy    bool       // many runs were new when this one began
	pending []flows.Entry
	few     [4]flows.Entry // the first of pending, when there are few
	held    int64          // by pending: see mostHeld
	over    bool           // nothing is counted any more
	linked  bool           // a link was made: it is there before a card can send it
	flights []*flight
	one     [1]*flight // the first of flights
	timer   *time.Timer
	due     time.Time // of timer; zero when it is not set
	err     error     // of the first commit that failed: nothing is written after it
}

// flight is an attempt under way.
type flight struct {
	attempt *flows.Attempt // as running
	written bool           // so it may not change any more
}

// expect has the run created with the first commit, which is made soon in any case:
// people look at runs that take long.
func (l *ledger) expect(run *flows.Run, busy bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unborn, l.busy = run, busy
	l.arm(l.linger())
}

// linger is how long what is pending may wait. The caller holds mu.
func (l *ledger) linger() time.Duration {
	if l.busy && l.unborn != nil {
		return busyLinger
	}
	return linger
}

func (l *ledger) add(a *flows.Attempt) {
	if l.watcher != nil {
		l.watcher.Attempt(l.run, a)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, flows.Entry{Attempt: a})
	l.weigh(l.pending[len(l.pending)-1])
}

// weigh counts what the newest entry takes, when there are many. The caller holds mu.
func (l *ledger) weigh(e flows.Entry) {
	if len(l.pending) <= manyPending || l.over {
		return
	}
	n := int64(entrySize)
	if a := e.Attempt; a != nil {
		n += flows.SizeOf(a.Input) + flows.SizeOf(a.Output)
	}
	if e.Child != nil {
		n += flows.SizeOf(e.Child.Event)
	}
	l.held += n
	l.x.held.Add(n)
}

// full reports whether no more entries are to be held back. The caller holds mu.
func (l *ledger) full() bool {
	return len(l.pending) >= mostPending || l.held > mostHeld || l.held > 0 && l.x.held.Load() > mostHeldOfAll
}

// take returns what is pending, which is pending no more, and what it takes, which counts
// until it is written. The caller holds mu.
func (l *ledger) take() (entries []flows.Entry, held int64) {
	entries, held = l.pending, l.held
	l.pending, l.held = nil, 0
	return entries, held
}

// enter adds what is no attempt, or goes with one.
func (l *ledger) enter(list ...flows.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range list {
		l.pending = append(l.pending, e)
		l.weigh(e)
		l.linked = l.linked || e.Callback != nil
	}
}

func (l *ledger) answer(a flows.Answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, flows.Entry{Answer: &a})
	if l.express && !l.journal.Crowded() { // else the caller waits too, so that no more comes than can be kept
		l.done(Commit{Answer: &a.Response, Behind: true})
		return
	}
	l.arm(answerLinger)
}

// begin is the barrier before a card touches the world: all that happened
// before is committed, and with intent also that the card begins. Without intent a
// run that is not created yet stays so: if it dies, nobody has missed anything.
func (l *ledger) begin(ctx context.Context, f *flight, intent bool) error {
	l.mu.Lock()
	if intent && !l.express {
		l.pending = append(l.pending, flows.Entry{Attempt: f.attempt})
		f.written = true
	}
	if l.flights == nil {
		l.flights = l.one[:0]
	}
	l.flights = append(l.flights, f)
	l.arm(l.linger())
	waits := (l.express || l.unborn != nil && !intent) && !l.linked && !l.full()
	l.mu.Unlock()
	if waits {
		return nil
	}
	return l.flush(ctx)
}

// soon has what is pending written without holding anybody up.
func (l *ledger) soon() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.arm(linger)
}

// landed takes f out of the attempts under way and returns its attempt, to be
// completed and added.
func (l *ledger) landed(f *flight) *flows.Attempt {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flights = slices.DeleteFunc(l.flights, func(x *flight) bool { return x == f })
	if !f.written {
		return f.attempt
	}
	a := *f.attempt
	return &a
}

// relieve commits when much is pending.
func (l *ledger) relieve(ctx context.Context) error {
	l.mu.Lock()
	full, err := l.full(), l.err
	l.mu.Unlock()
	if !full {
		return err
	}
	return l.flush(ctx)
}

// flush commits what is pending and waits for it.
func (l *ledger) flush(ctx context.Context) error {
	return l.commit(onTheWay, func(unborn *flows.Run, entries []flows.Entry) error {
		switch {
		case unborn != nil:
			return l.journal.Create(context.WithoutCancel(ctx), *unborn, entries...)
		case len(entries) == 0:
			return nil
		}
		return l.journal.Append(context.WithoutCancel(ctx), l.runID, l.epoch, entries)
	})
}

func (l *ledger) park(ctx context.Context, p flows.Parking) error {
	return l.commit(onTheWay, func(unborn *flows.Run, entries []flows.Entry) error {
		if unborn != nil {
			if err := l.journal.Create(context.WithoutCancel(ctx), *unborn, entries...); err != nil {
				return err
			}
			entries = nil
		}
		return l.journal.Park(context.WithoutCancel(ctx), l.runID, l.epoch, entries, p)
	})
}

func (l *ledger) finish(ctx context.Context, o flows.Outcome) error {
	how, tried := atTheEnd, false
	if l.express && o.Failure == nil {
		how = behind
	}
	return l.commit(how, func(unborn *flows.Run, entries []flows.Entry) error {
		switch {
		case unborn != nil && l.x.samples.spares(unborn, entries, o):
			l.spared = true
			return nil
		case unborn != nil && how == behind:
			return l.journal.Leave(*unborn, entries, o)
		case unborn != nil:
			return l.journal.Record(context.WithoutCancel(ctx), *unborn, entries, o)
		}
		err := l.journal.Finish(context.WithoutCancel(ctx), l.runID, l.epoch, entries, o)
		if tried && errors.Is(err, flows.ErrFenced) {
			if _, over := l.journal.Outcome(context.WithoutCancel(ctx), l.runID); over == nil {
				return flows.ErrConflict // it had been kept all the same
			}
		}
		tried = true
		return err
	})
}

// How a commit is made.
type commitKind int

const (
	onTheWay commitKind = iota
	atTheEnd            // of the run
	behind              // also; a run that is not created yet is not on the disk when it returns
)

// commit hands what is pending to write. In trouble that passes it tries again: a run that is
// in the journal goes on where it is, as long as its process lives, and so does an express run
// that is over, as its caller may have its answer. What is new fails, as nobody has begun to
// rely on it.
func (l *ledger) commit(how commitKind, write func(unborn *flows.Run, entries []flows.Entry) error) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	unborn, err := l.unborn, l.err
	entries, held := l.take()
	l.mu.Unlock()
	defer func() { l.x.held.Add(-held) }()
	if l.closed {
		return errClosed
	}
	if err != nil {
		return err
	}
	err = write(unborn, entries)
	waits := unborn == nil || l.express && how != onTheWay
	for pause := passPause; waits && err != nil && l.x.o.Passes(err) && !l.x.abandoned.Load(); pause = min(2*pause, mostPassPause) {
		time.Sleep(pause)
		err = write(unborn, entries)
	}
	l.mu.Lock()
	if err != nil && l.express && unborn != nil {
		l.pending = append(entries, l.pending...) // none of it is kept yet: the next commit may do it
		l.held, held = l.held+held, 0
	} else {
		l.err = err
	}
	if err == nil {
		l.unborn = nil
	}
	l.mu.Unlock()
	if err != nil {
		// It may have been kept all the same. Then nobody else will drive the runs that it
		// began; else there is nothing to drive.
		if c := commitOf(entries); len(c.Children) > 0 && unborn == nil {
			l.done(Commit{Children: c.Children, Behind: true})
		}
		return err
	}
	if len(entries) > 0 || unborn != nil {
		c := commitOf(entries)
		c.Behind = unborn != nil && (how == behind || l.spared)
		l.done(c)
	}
	return nil
}

func commitOf(entries []flows.Entry) (c Commit) {
	for _, e := range entries {
		switch {
		case e.Answer != nil:
			c.Answer = &e.Answer.Response
		case e.Child != nil:
			c.Children = append(c.Children, *e.Child)
		}
	}
	return c
}

// broken reports whether a commit has failed.
func (l *ledger) broken() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err != nil
}

// born reports whether the run is in the journal.
func (l *ledger) born() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.unborn == nil
}

// arm has what is pending written in the background after d. The caller holds mu.
func (l *ledger) arm(d time.Duration) {
	due := time.Now().Add(d)
	switch {
	case l.timer == nil:
		l.timer = time.AfterFunc(d, l.late)
	case l.due.IsZero() || due.Before(l.due):
		l.timer.Reset(d)
	default:
		return
	}
	l.due = due
}

// late writes down what nobody waits for but people would like to see. Its
// error is kept for the next barrier.
func (l *ledger) late() {
	l.writing.Lock()
	if l.closed {
		l.writing.Unlock()
		return
	}
	l.mu.Lock()
	l.due = time.Time{}
	for _, f := range l.flights {
		if !f.written {
			f.written = true
			l.pending = append(l.pending, flows.Entry{Attempt: f.attempt})
		}
	}
	l.mu.Unlock()
	l.writing.Unlock()
	_ = l.flush(context.Background())
}

// close makes sure that nothing is written any more.
func (l *ledger) close() {
	l.mu.Lock()
	if l.timer != nil {
		l.timer.Stop()
	}
	l.mu.Unlock()
	l.writing.Lock()
	l.closed = true
	l.writing.Unlock()
	l.mu.Lock()
	l.over = true
	_, held := l.take()
	l.mu.Unlock()
	l.x.held.Add(-held)
}
