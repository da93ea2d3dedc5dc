package store

import (
	"encoding/json"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/flows"
)

// Endpoint is the little of a flow that answering a call needs. It may be up to a
// second old when another process shares the database.
type Endpoint struct {
	FlowID   string
	Name     string
	Alias    string
	On       bool
	Version  int64  // published; 0 when never
	Document string // id of the published document; "" when never
	Settings flows.Settings
	Tokens   []Token
}

// Token is one client token of an endpoint. The token itself is not kept.
type Token struct {
	Hash    string // SHA-256 in hex
	Hint    string // the end of the token, for people: "…x7Qp"
	By      string // a user's name
	Created time.Time
	Expires time.Time // when it stops working; zero: not by itself
	Used    time.Time // zero when never
}

// FlowFilter chooses flows. Its zero value is the first 50, by name.
type FlowFilter struct {
	Query  string // in the name, the alias or the description
	State  string // "" all, "on", "off" (published, not answering), "draft" (never published), "changed"
	Label  string
	Folder string // and the folders below it
	Limit  int    // 0: 50, at most 200
	Cursor string // what the page before returned
}

// FlowRow is a flow in a list: no document.
type FlowRow struct {
	ID, Name, Description, Alias string
	Folder                       string
	Labels                       []string
	On, Changed                  bool
	Version, Revision            int64
	Trigger                      string // card of the draft's trigger
	Steps                        int    // of the draft, the trigger not counted
	Created, Updated             time.Time
	UpdatedBy                    string
	LastRun                      string // id; "" when it never ran
	LastStatus                   flows.Status
	LastAt                       time.Time // when that run was created
	RunsToday, FailedToday       int       // kept since midnight UTC; CountCap means that many or more
	Sampled                      bool      // of runs that succeed a sample is kept
	// Of a flow that is on and begins by itself: its rule, and when it is due next, zero
	// when never or when that is not worked out yet.
	Rule schema.Values
	Due  time.Time
}

// CountCap is where counting runs stops.
const CountCap = 1000

// Change says who saves a draft and what they did, for undo.
type Change struct {
	UserID string // whose undo list it joins
	By     string // that person's name
	Label  string // "Rename Get to Get customer"
	// Edit and Inverse are JSON that only the caller reads: what was done, and what takes it
	// back. A change without an Inverse is not listed and cannot be undone.
	Edit, Inverse json.RawMessage
	// Undo or Redo is the Seq of the listed edit that this save takes back or does again; a
	// new Edit (of a redo: a new Inverse too) then replaces that one's. 0 for a fresh edit,
	// which makes everything undone by the same user forgotten.
	Undo, Redo int64
}

// Edit is a listed change of a draft.
type Edit struct {
	Seq           int64 // the revision that it made
	FlowID        string
	UserID        string
	Label         string
	Edit, Inverse json.RawMessage
	Undone        bool
	At            time.Time
}

// FlowCopy names a duplicate.
type FlowCopy struct{ ID, Name, Alias, By string }

// VersionRow is a version in a list: no document.
type VersionRow struct {
	Number   int64
	Document string
	Message  string
	By       string
	At       time.Time
}

// RunFilter chooses runs, newest first. Its zero value is the newest 50 of every flow.
type RunFilter struct {
	FlowID string
	// Status is one of the statuses, "" for all, or UnderWay for queued, running and waiting.
	Status flows.Status
	// Query is the beginning of a run's id, or text in its values or its error. Text is
	// looked for in the newest SearchDepth runs before Before.
	Query string
	// From and To bound when runs were created, to the millisecond; zero: no bound.
	From, To time.Time
	Before   string // what the page before returned
	UpTo     string // the newest run that is wanted; "": the newest there is
	Open     bool   // only runs that failed for good and that nobody has dealt with
	Limit    int    // 0: 50, at most 200
}

// UnderWay is a RunFilter.Status: every run that is not done.
const UnderWay flows.Status = "under_way"

// SearchDepth is how many runs a search for text looks at per page.
const SearchDepth = 10_000

// RunRow is a run in a list: no values.
type RunRow struct {
	ID, FlowID, FlowName       string
	Version                    int64
	Document                   string // id of the document that it executes
	Status                     flows.Status
	Trigger, Source, RerunOf   string
	Cancel                     bool
	Outline                    bool // an outline of it is kept, or is to be when it succeeds
	ResponseStatus             int  // what the flow answered, which its caller may not have waited for; 0 when nothing yet
	ErrorCode, ErrorMessage    string
	ErrorPath                  flows.Path
	Key                        string // the first values of its event, in short: "email maya@acme.io"
	Retries                    int    // attempts beyond the first, when it is done
	Created, Started, Finished time.Time
}

// CardTest is the last try of one card from the builder.
type CardTest struct {
	FlowID, StepID, Card string
	Input                schema.Values // redacted by declaration
	Output               schema.Values
	Error                *cards.Error
	Trace                *trace.Trace
	By                   string
	At                   time.Time
	Took                 time.Duration
	// Recorded is when the answer was given, when the card was answered from a
	// recording instead of asking; Recording is the run of it, "" when it was a test.
	Recorded  time.Time
	Recording string
}

// Answer is a recorded answer that a step once got.
type Answer struct {
	RunID  string // "" when it was a card test
	By     string // who made the test
	At     time.Time
	Took   time.Duration
	Output schema.Values
	Trace  *trace.Trace
}

// User is somebody who may sign in.
type User struct {
	ID       string
	Email    string // lower case; unique
	Name     string
	Password string // hash; never leaves the server
	Owner    bool
	Created  time.Time
}

// Session is one signed-in browser. The cookie's value is not kept.
type Session struct {
	Hash    string // SHA-256 of the cookie's value, in hex
	User    User
	Created time.Time
	Seen    time.Time
	Expires time.Time
	Address string
	Agent   string
}

// Use is a flow that refers to a connection.
type Use struct {
	FlowID, FlowName string
	Steps            []string // ids, sorted
	Live             bool     // the published version does
	Draft            bool     // the draft does
}

// Pruned says what a janitor's round gave back.
type Pruned struct {
	Runs, Blobs, Documents, Flows, Sessions, SignIns int
	Bytes                                            int64 // of the runs' data
}
