package views

// RunsPage is the history of one flow, or of all: runs, one run, one card of it.
type RunsPage struct {
	Shell    ShellModel
	Title    string // the flow's name, or "Runs"
	FlowID   string // "" when the list is of every flow
	View     string // what a phone shows: list, run or card
	Back     string // where a phone goes back to
	CanStart bool   // the flow has something to run
	Failure  bool   // a flow is called when its runs fail
	Sampled  bool   // of runs that succeed a sample is kept
	List     RunList
	Run      *RunPane // nil: none is chosen
	Card     *RunCard // nil: none is chosen
	Stream   string   // address of the live updates
	StreamID string   // changes when the stream must be opened anew
}

// RunList is the first pane.
type RunList struct {
	URL     string // of the list, without a query
	Query   string
	State   string
	FlowID  string
	Chips   []ChipModel
	Redo    string // address of the dialog that takes the failed runs of the list up again; "" when there is none
	Dismiss string // and of the one that dismisses them
	Groups  []RunGroup
	More    string // address of the next page; "" when this is the last
	Oldest  string // id of the last run on the first page: live updates reach down to it
	Empty   EmptyModel
}

// RunGroup is the runs of one day.
type RunGroup struct {
	Label string
	Rows  []RunRow
}

// RunRow is a run in the list, in words. Kind is ok, warn, err, run or off.
type RunRow struct {
	ID, Href   string
	Kind, Icon string
	Title      string
	About      []string // which flow, what it began with, who began it
	Cause      string   // why it failed
	Time       string
	Current    bool
}

// RunPane is the second pane: how a run went, step by step.
type RunPane struct {
	ID      string
	Status  TagModel
	Facts   []RunFact
	Rerun   []MenuItemModel // ways to run it again; empty while it runs
	RerunAt string          // address that runs it again; "" while it runs
	Cancel  string          // address that stops it; "" when it is done
	Stopped bool            // somebody asked for its end
	HAR     string          // address of all that it sent and got; "" when there is none
	Failure *RunFailure     // nil: it is not one that somebody has to look at
	Note    *NoteModel      // when its document cannot be drawn any more
	Steps   []RunStep
}

// RunFailure says what was done about a run that failed for good.
type RunFailure struct {
	Handled bool
	Text    string // who dealt with it, when, and the note
	Problem string // why its flow for failures was not called
	Again   string // the run that took its place
}

// RunFact is one fact about a run.
type RunFact struct{ Label, Value, Href string }

// RunStep is a step in the tree. Kind is ok, warn, err, run or off.
type RunStep struct {
	ID         string
	Href       string
	Number     string
	Hue        string
	Name       string
	Kind, Icon string
	State      string // the kind in a word, for screen readers
	Took       string
	Text       string
	Bar        *BarModel
	Current    bool
	Skipped    bool // not run: not taken, not reached, off
	Steps      []RunStep
	Rounds     *RunRounds // of a loop
}

// RunRounds are the rounds of a loop, of which a few are shown.
type RunRounds struct {
	Text  string // "Round 3 of 1,000 · cards failed in 2"
	Label string // for who does not see it: "Rounds of For Each"
	Items []RunRound
}

// RunRound leads to one round.
type RunRound struct {
	Text, Title string // "4", "Round 4, a card failed"
	Href        string
	Kind        string // err, or "" of a round in which nothing is known to have failed
	Current     bool
	Gap         bool // rounds before it are not shown
}

// RunCard is the third pane: what one card got, gave and did.
type RunCard struct {
	Number, Hue, Icon, Name string
	Text                    string // "Started 12:06:15.059 · 388 ms · 1 attempt"
	Builder                 string // address of the card in the builder
	Note                    *NoteModel
	Rerun                   string // address that runs the run again; "" when that makes no sense
	Redo                    string // address of the dialog that goes on from the step that failed; "" when that makes no sense
	Tries                   []RunTry
	Boxes                   []RunBox
	Request, Answer         []KVModel // headers
	Headers                 string    // "14 headers"
	Calls                   []RunCall
	HAR                     string      // address of the attempt as an archive
	Compare                 *RunCompare // nil: it did not fail, or never worked
	Bars                    []BarModel
	Log                     []LogModel
	Same                    *RunSame
	Ask                     *RunAsk    // nil: the card waits for no answer
	Began                   []RunBegan // runs of other flows
	Waiting                 bool       // the output is still to come
	Odd                     []string   // sentences about values it was given that differ from what earlier answers had
}

// RunTry is one attempt at the card.
type RunTry struct {
	Label, Text, Href string
	Kind              string
	Current           bool
}

// RunBox is a value: an input, a response, an output.
type RunBox struct {
	ID, Title string
	Tag       *TagModel
	Rows      []JSONRow
	Empty     string                // said when there is nothing
	Copy      string                // the value as JSON; "" when it is too long for that
	Raw       string                // address of the whole value
	More      func(JSONRest) string // address of what a line leaves out
}

// RunSame says how often the same thing went wrong.
type RunSame struct{ Count, Text, Href string }

func runIcon(kind string) string {
	return statusIcon(StatusModel{Kind: kind})
}

func runSpin(kind string) string { return when(kind == "run", "spin") }

// StepIcon is the icon of a step of that kind; a step that did not run has a dash.
func StepIcon(kind string) string {
	switch kind {
	case "off":
		return "minus"
	case "wait":
		return "hourglass"
	}
	return runIcon(kind)
}

// RunAsk is the link by which a waiting card is answered.
type RunAsk struct {
	URL  string
	Page bool // it shows a form
}

// RunBegan is a run that a card began.
type RunBegan struct{ Href, Name, Text, Kind, Icon string }
