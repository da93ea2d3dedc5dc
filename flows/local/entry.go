package local

import (
	"context"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/runner"
)

// entry is a run that is not over. The engine's mutex guards it.
type entry struct {
	id        string
	owner     string     // the flow's id, whoever began the run
	fresh     *flows.Run // created here and never driven: it needs no claim
	unborn    bool       // fresh, and not in the journal before it does something that counts
	kept      bool       // it is in the journal
	takenUp   bool       // it was begun before this engine
	orphan    bool       // the process that drove it last is gone
	suspect   bool       // it waits to be driven apart: processes died of it, or of what they drove beside it
	express   bool       // it is not taken up where it was left: what it did since is not known
	cutOff    bool       // express, and was under way when it was left
	parent    flows.Parent
	cancelled bool
	idle      bool                    // parked, with an alarm or without
	mail      *runner.Mail            // of the segment under way
	placed    bool                    // it has one of the engine's places
	drive     context.CancelCauseFunc // of the segment under way; nil between segments
	turn      int                     // counts the segments; what one of before says does not count
	failures  int                     // segments in a row that ended by an error of ours

	wake  time.Time // when parked
	place int       // in the alarms; 0 when not there

	response *flows.Response
	answered bool // response was there, and is not held: the journal has it
	outcome  *flows.Outcome
	left     bool          // this engine drives the run no longer
	err      error         // why this engine drives the run no longer, when it is not over
	told     chan struct{} // closed when response, outcome or err is there; nil until somebody waits
	born     chan struct{} // closed when the run is in the journal; nil until somebody waits for that
	closed   bool
	watchers map[chan struct{}]struct{}
}

// tell lets those who wait have the answer or the end.
func (en *entry) tell() {
	if en.told != nil && !en.closed {
		en.closed = true
		close(en.told)
	}
}

// keep lets those who wait for the run to be in the journal go on.
func (en *entry) keep() {
	if en.born != nil && !en.kept {
		close(en.born)
	}
	en.kept = true
}

// notify lets those who watch look again. It never blocks.
func (en *entry) notify() {
	for w := range en.watchers {
		select {
		case w <- struct{}{}:
		default: // it has not looked since the last time, so it will see this too
		}
	}
}

func (en *entry) result() (flows.Result, bool) {
	return flows.Result{Response: en.response, Outcome: en.outcome}, en.response != nil || en.outcome != nil
}
