package views

import (
	"strconv"
	"strings"
)

// RedoWrite is a card that changes something, and would run a second time.
type RedoWrite struct{ Card, Text string }

// NewRedoModel is the dialog that takes failed runs up again.
type NewRedoModel struct {
	FlowID, Query, UpTo string
	From, Version       string // as they are chosen
	Total               int
	More, Cut           bool
	Failed, Start       []RedoWrite // repeated from the step that failed, and from the start
}

// RedoPage is how far a redo has come.
type RedoPage struct {
	Shell                                                      ShellModel
	ID, By, When, Flow, Back                                   string
	Running, Stopped, FromStart, Live                          bool
	Ending                                                     bool // stopped just now: a run may be begun yet
	Total, Waiting, Refused, UnderWay, Succeeded, Failed, Gone int
	Lists                                                      []RedoList
}

// RedoList are the runs of one outcome, of which the first are listed.
type RedoList struct {
	ID, Title string
	Total     int
	Runs      []RedoRun
	Rest      string // address of a list that has the others too; "" when there is none
}

// RedoRun leads to a run: the one that was begun, or one that was refused.
type RedoRun struct{ ID, Text string }

// Settled is how many runs were begun or refused.
func (m RedoPage) Settled() int { return m.Total - m.Waiting }

// Changing reports whether the page looks different in a moment.
func (m RedoPage) Changing() bool { return m.Running || m.Ending || m.UnderWay > 0 }

func (m RedoPage) heading() string {
	settled := ": " + strconv.Itoa(m.Settled()) + " of " + strconv.Itoa(m.Total)
	switch {
	case m.Running:
		return "Taking runs up again" + settled
	case m.Stopped:
		return "Stopped" + settled
	case m.UnderWay > 0:
		return "All were begun: " + strconv.Itoa(m.UnderWay) + " of " + strconv.Itoa(m.Total) + " under way"
	}
	var parts []string
	for _, x := range []struct {
		n    int
		what string
	}{{m.Succeeded, " succeeded"}, {m.Failed, " failed again"}, {m.Refused, " refused"}, {m.Gone, " not in the history any more"}} {
		if x.n == m.Total && x.n > 1 {
			return "All " + strconv.Itoa(x.n) + x.what
		}
		if x.n > 0 {
			parts = append(parts, strconv.Itoa(x.n)+x.what)
		}
	}
	return strings.Join(parts, ", ")
}

// listed is the place on the page where the runs of an outcome stand; "" when none does.
func (m RedoPage) listed(id string) string {
	for _, l := range m.Lists {
		if l.ID == id {
			return "#" + id
		}
	}
	return ""
}

func (m RedoPage) how() string {
	text := "From the step that failed"
	if m.FromStart {
		text = "From the start, with the same event"
	}
	if m.Live {
		text += ", with the version that is live"
	} else {
		text += ", with the version that ran"
	}
	if m.Flow != "" {
		text += " · " + m.Flow
	}
	return text + " · " + m.By + ", " + m.When
}

// DismissModel is the dialog that says that nothing more is to be done.
type DismissModel struct {
	Action              string
	Total               int
	More                bool
	FlowID, Query, UpTo string
}

// OnFailureModel is the dialog of what is called when runs fail.
type OnFailureModel struct {
	FlowID, Value string
	Choices       []OptionModel
}

// Has reports whether a flow can be chosen.
func (m OnFailureModel) Has(id string) bool {
	for _, o := range m.Choices {
		if o.Value == id {
			return true
		}
	}
	return false
}
