package store

import (
	"testing"
)

// Whoever read the edition before a change does not bring it back after the change.
func TestTheEditionBeforeAChangeDoesNotComeBack(t *testing.T) {
	s := &Store{}
	open := func() *knownEdition { return s.apps.known.Load() }
	s.apps.changed()
	seen := open()   // a reader begins
	s.apps.changed() // somebody writes
	if s.apps.known.CompareAndSwap(seen, &knownEdition{edition: 1}) {
		t.Error("what was read before the change is kept")
	}
}
