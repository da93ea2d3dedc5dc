package runner

import (
	"sync"

	"flowdeck/flows"
)

// Mail tells a segment that something arrived for its run while it goes on. Its
// zero value is empty; an engine gives each segment its own, before it claims
// the run, so that nothing falls between the claim and the mail.
type Mail struct {
	mu    sync.Mutex
	box   map[flows.Path]*letter
	loops map[flows.Path]*counter // that go on
	kept  *ledger                 // of the segment
}

// of says whose mail it is.
func (m *Mail) of(l *ledger) {
	m.mu.Lock()
	m.kept = l
	m.mu.Unlock()
}

// Hurry has what the segment's cards have done written in a moment, whether or not it goes on.
func (m *Mail) Hurry() {
	m.mu.Lock()
	l := m.kept
	m.mu.Unlock()
	if l != nil {
		l.soon()
	}
}

type letter struct {
	here   chan struct{}
	closed bool
}

// Put says that something is in the journal for p. It never blocks.
func (m *Mail) Put(p flows.Path) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.letter(p); !l.closed {
		l.closed = true
		close(l.here)
	}
}

// Left reports whether something arrived that the segment did not take.
func (m *Mail) Left() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.box {
		if l.closed {
			return true
		}
	}
	return false
}

// at returns a channel that is closed when something has arrived for p.
func (m *Mail) at(p flows.Path) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.letter(p).here
}

// take forgets what arrived for p: the segment knows it.
func (m *Mail) take(p flows.Path) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.box, p)
}

func (m *Mail) letter(p flows.Path) *letter {
	l := m.box[p]
	if l == nil {
		if m.box == nil {
			m.box = map[flows.Path]*letter{}
		}
		l = &letter{here: make(chan struct{})}
		m.box[p] = l
	}
	return l
}
