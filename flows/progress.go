package flows

import "time"

// Counts are effects that are told how far loops have come, for people who watch.
type Counts interface {
	// Counting says that a loop of n rounds begins at p. round is called after each, end
	// when the loop is left.
	Counting(p Path, n int) (round, end func())
}

// Progress is how far a loop has come that goes on.
type Progress struct {
	Path     Path
	Done, Of int // rounds
	Began    time.Time
}
