// Package flows holds what a flow is and how one runs: documents, edits,
// compiling, interpreting. It does no I/O: it reads no clock, opens no
// connection, starts no goroutine and speaks no SQL.
package flows

import (
	"errors"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Errors that callers branch on.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("changed by someone else")
	ErrFenced   = errors.New("another worker has taken this run over")
	ErrInUse    = errors.New("still in use")
	ErrTaken    = errors.New("already taken")
	ErrBusy     = errors.New("too many runs are waiting for a place")
	ErrFull     = errors.New("as many runs of the flow are under way as may be")
	ErrStopped  = errors.New("the server is stopping; the run goes on when it starts again")
)

// Format is the version of the document format that this program writes.
const Format = 1

// Document is what a flow says: its trigger and the chain of steps after it.
type Document struct {
	Format  int    `json:"format"`
	Trigger Step   `json:"trigger"`
	Chain   []Step `json:"chain"`
}

// Step is a card placed in a flow. Text leaves of Inputs are templates.
type Step struct {
	ID         string           `json:"id"`   // what references say: {{get_customer.body}}; never changes
	Card       string           `json:"card"` // cards.Spec.Name
	Title      string           `json:"title,omitempty"`
	Note       string           `json:"note,omitempty"` // Markdown
	Off        bool             `json:"off,omitempty"`  // skipped
	Connection string           `json:"connection,omitempty"`
	Inputs     schema.Values    `json:"inputs,omitempty"`
	Outputs    []Output         `json:"outputs,omitempty"` // declared by the author, beside the card's own
	Blocks     map[string]Block `json:"blocks,omitempty"`  // of a control card
	Policy     Policy           `json:"policy,omitzero"`
	// Order remembers in which order the author added the keys of an input that is an
	// open object ("headers"); it is a hint: see Keys.
	Order map[string][]string `json:"order,omitempty"`
}

// Output is a sub-key that the author wants to drag: body.email, text.
type Output struct {
	Path string      `json:"path"` // below the step: "body.email"
	Type schema.Type `json:"type"`
}

// Block is a chain inside a control card and what it hands back.
type Block struct {
	Chain  []Step        `json:"chain,omitempty"`
	Result schema.Values `json:"result,omitempty"` // text leaves are templates
	Order  []string      `json:"order,omitempty"`  // of the keys of Result, as in Step.Order
}

// Policy says what happens when the step fails.
type Policy struct {
	Timeout Duration `json:"timeout,omitzero"` // of one attempt; 0: the card's own
	Retry   []Retry  `json:"retry,omitempty"`  // the first that matches counts
	// OnError is "stop" (also when empty: the failure goes up to the nearest Try, or ends the
	// run), "continue": the step's outputs are then empty but for "error", or "catch": the
	// step's block on_error runs, and its results are the step's outputs.
	OnError string `json:"on_error,omitempty"`
	// InDoubt is "fail" (also when empty) or "repeat": what to do when a crash hid
	// whether a card that writes had finished.
	InDoubt string `json:"in_doubt,omitempty"`
}

// Retry says which failures are tried again and when.
type Retry struct {
	Match    []string `json:"match,omitempty"`   // codes or classes: "http_5xx", "timeout"
	Attempts int      `json:"attempts"`          // in all, the first included: 2 to 20
	Interval Duration `json:"interval"`          // before the second attempt
	Backoff  float64  `json:"backoff,omitempty"` // factor from wait to wait; 1 when 0
	Max      Duration `json:"max,omitzero"`      // longest wait; Retry-After may ask for more, up to 1 h
	Jitter   bool     `json:"jitter,omitempty"`  // waits are between half and all of that
}

// Duration is a time.Duration written "30s".
type Duration = schema.Duration

// Flow is a stored flow: its one draft, and which version is live.
type Flow struct {
	ID          string
	Name        string
	Description string
	Folder      string // "crm/sync"; "" is the top
	Labels      []string
	Alias       string // in the invoke URL; unique
	On          bool   // the published version answers
	Version     int64  // published; 0 when never
	Versions    int64  // newest version ever published
	Draft       Document
	Revision    int64 // of the draft; every edit raises it
	Changed     bool  // the draft differs from the published version
	Settings    Settings
	Created     time.Time
	Updated     time.Time
	UpdatedBy   string // a user's name
}

// Settings of a flow take effect at once, without publishing.
type Settings struct {
	Security        string   `json:"security,omitempty"`        // "token" (also when empty), "oauth" or "public"
	Scope           string   `json:"scope,omitempty"`           // that an access token needs; "flows.invoke" when empty
	ListedApps      bool     `json:"listed_apps,omitempty"`     // only Apps may call; else any app with the scope
	Apps            []string `json:"apps,omitempty"`            // ids of client apps
	Issuers         []Issuer `json:"issuers,omitempty"`         // others whose access tokens are believed
	Rate            int      `json:"rate,omitempty"`            // calls a minute; 0: no limit
	Concurrency     int      `json:"concurrency,omitempty"`     // runs under way at a time; 0: no limit
	Async           bool     `json:"async,omitempty"`           // callers get 202 at once, and the run goes on
	Methods         []string `json:"methods,omitempty"`         // empty: every method
	Origins         []string `json:"origins,omitempty"`         // CORS: allowed origins, or "*"
	ResponseTimeout Duration `json:"response_timeout,omitzero"` // 0: 60 s
	RunTimeout      Duration `json:"run_timeout,omitzero"`      // 0: 1 h
	RunSteps        int      `json:"run_steps,omitempty"`       // cards that a run goes through; 0: as many as the server lets it
	RunMemoryMB     int      `json:"run_memory_mb,omitempty"`   // MiB of outputs that a run holds; 0: as much as the server lets it
	OffStatus       int      `json:"off_status,omitempty"`      // 404 (also when 0) or 503 while switched off
	MaxBody         int64    `json:"max_body,omitempty"`        // bytes; 0: 10 MiB
	KeepDays        int      `json:"keep_days,omitempty"`       // run data; 0: 30
	OnFailure       string   `json:"on_failure,omitempty"`      // id of the flow that is called when a run fails; "": none
	KeepMB          int      `json:"keep_mb,omitempty"`         // megabytes of run data; 0: no bound of its own
	Mode            string   `json:"mode,omitempty"`            // "standard" (also when empty) or "express", see Express
	History         string   `json:"history,omitempty"`         // "full" (also when empty), "outline" or "sample", see Outline and Sample
	RequireTests    bool     `json:"require_tests,omitempty"`   // nothing is published while a test of the flow fails
}

// Express reports whether runs of the flow go on without waiting for the disk. Such a run
// is written down when it is over; one that was under way when the process died is not
// taken up again, and one that had just begun leaves no trace.
func (s Settings) Express() bool { return s.Mode == "express" }

// Bounds returns the limits that the settings say for each run.
func (s Settings) Bounds() Bounds {
	return Bounds{Steps: s.RunSteps, Memory: int64(s.RunMemoryMB) << 20}
}

// StartOptions returns how a run is begun by the settings.
func (s Settings) StartOptions() StartOptions {
	return StartOptions{RunTimeout: s.RunTimeout.Duration, Bounds: s.Bounds()}
}

// Outline reports whether of runs that succeed an outline is kept: which steps ran, when,
// and how their calls were answered, and no values. All other runs are kept whole.
func (s Settings) Outline() bool { return s.History == "outline" || s.Sample() }

// Sample reports whether of calls that succeed a sample is kept, in outline: one a second, and
// those that had to be written down before they ended. What is no call from outside is kept
// as for "outline".
func (s Settings) Sample() bool { return s.History == "sample" }

// Issuer is an authorization server of somebody else whose access tokens open an endpoint.
type Issuer struct {
	URL      string   `json:"url"`
	Audience string   `json:"audience"`         // that its tokens must be for
	Scopes   []string `json:"scopes,omitempty"` // that they need
	Claims   []string `json:"claims,omitempty"` // "department = finance": all must hold
}

// Version is one immutable publication of a flow.
type Version struct {
	FlowID   string
	Number   int64
	Document Document
	Message  string
	By       string
	At       time.Time
}

// Problem is something that keeps a flow from being published, by step and field.
type Problem struct {
	Step    string // "" when it is about the whole flow
	Field   string // "url", "conditions.0.left", "connection", "then.name" of a block's result, ""
	Message string
	Line    int // 1-based, of a document's text; 0 when it is not about that
	Column  int
}

// Problems is every problem of a document; it is an error when there is at least one.
type Problems []Problem

// Response is what a run answers its caller.
type Response = cards.Response
