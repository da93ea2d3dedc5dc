package views

// BuilderPage is the builder of one flow. It holds words and switches only;
// whoever answers the request fills it from the flow's draft.
type BuilderPage struct {
	Shell    ShellModel
	FlowID   string
	Name     string
	Alias    string
	Revision int64
	Status   FlowStatus
	Menu     []MenuItemModel // under the status button: on/off, versions, settings, export …
	Saved    string          // "Saved 12:04", "Draft saved"
	Undo     UndoModel
	Redo     UndoModel
	Problems []ProblemLink
	Publish  PublishModel
	CanRun   bool
	Trigger  *BuilderCard // nil: nothing starts the flow yet
	Starts   []PaletteItem
	Chain    BuilderChain
	Shown    *ShownRun // the run whose values are shown; nil: the newest
	Palette  []PaletteGroup
	Wraps    []PaletteItem // cards that hold others
	Globals  []CardOutput  // values of the run and the flow themselves: run.id, flow.name
	Long     bool          // most cards are light, and only those in view are laid out
	Numbers  string        // of every step, "get:2 check:3 post:3.1"; empty in a patch that changes none
	Patch    bool          // no card moved since: Patches are all that looks different
	Patches  []Patch
}

// Patch is a part of the canvas to be changed: what is there is removed (Swap is
// "delete") or drawn anew ("outerMorph"), or cards come after it ("afterend").
type Patch struct {
	Target, Swap string
	Cards        []BuilderCard
}

// ShownRun says which run the canvas shows the values of.
type ShownRun struct{ Text, Href, Close string }

// FlowStatus is the state of the flow in a word. Kind is ok (live), warn (paused) or "" (draft).
type FlowStatus struct {
	Text, Kind string
	Version    string // "v7"; empty when never published
}

// UndoModel is one of the two buttons. Label is what it would undo: "delete Close".
type UndoModel struct {
	Able  bool
	Label string
}

// ProblemLink leads to something that keeps the flow from being published.
type ProblemLink struct {
	Target string // id of the element to focus: of a field, a connection or a card
	Step   string // id of the step whose card that is on
	Number string // of the step
	Title  string // of the step
	Text   string
}

// PublishModel is the button at the top right: always the next thing to do.
type PublishModel struct {
	Label, DeskLabel string // "Publish", "3 changes" · "Fix 1 thing", "to publish" · "Live", "v7"
	Fix              bool   // leads to the first problem instead of publishing
	Disabled         bool
}

// BuilderChain is a list of cards, and where a new one would go.
type BuilderChain struct {
	Parent string // "" for the flow's own chain, else "if_1/then"
	Cards  []BuilderCard
}

// BuilderCard is one step on the canvas, or the trigger.
type BuilderCard struct {
	ID         string // of the step; the element is "card-" + ID
	Number     string // "1", "3.1"
	Hue        string // event, http, logic, data, reply
	Icon       string
	Title      string // what the author calls it
	Type       string // what the card is called: "API Connector", "If / Else"
	Verb       string // "GET", "409"; small, before the type
	Note       string
	Summary    []Segment // one line, shown when the card is collapsed
	Trigger    bool      // it starts the flow: cannot be moved, removed or turned off
	Off        bool      // skipped
	Connection *ConnRow  // nil: the card takes none
	Fields     []StepField
	Outputs    []CardOutput
	OutputsCap string  // "Outputs", "Inputs callers send"
	Adds       string  // what the + of the outputs does: "output", "input" or nothing
	Policy     *Policy // nil: the card cannot fail in a way worth handling
	Lists      []CardList
	Foot       *CardFoot // nil: no foot
	Problem    string    // of the card as a whole
	Failing    bool      // something in it is wrong: red ring
	Status     string    // of a run in progress: "", run, ok or err
	Sees       []string  // ids of the steps whose outputs it may use, nearest first; "get?" may not have run, "^get" is all that get sees
	Same       bool      // the browser has it as it is: only its place is told
	Comment    bool      // it is a note between the cards
	Light      bool      // drawn without its form: the browser asks for that when it comes near
	Outs       string    // JSON: the outputs of a light card; rows of reference, label, type, sample, depth
	More       bool      // a light card whose answers had more than its outputs
	Parent     string    // the chain in which it stands
	Last       bool      // in that chain
	Learned    string    // JSON: what answers had beside the outputs; rows of reference, label, type, sample
	Late       []string  // inputs that see what the card offers inside of its first lane
	Lanes      []Lane    // of a card with blocks
	Pinned     bool      // runs of the draft take an output that was written down
	Wrappable  bool      // can be wrapped; the menu offers it
	CanTest    bool
}

// Lane is one block of a card with blocks.
type Lane struct {
	Name   string // stored name: "then"
	Title  string // "Then"
	Hue    string // ok, err or run
	Icon   string
	Chain  BuilderChain
	Result []FieldRow // what the block hands back, by name
	Able   bool       // the card hands block results on as its outputs
	Loop   bool       // it runs in rounds
	Item   *LaneItem  // an input of the card declares it; nil: the card always has it
	Add    *LaneAdd   // one more of its kind may be added after it
	Gives  []CardOutput
	Sees   []string // ids of the steps whose outputs its result may use, nearest first
	// Unknown says that the card does not have it, so that what is in it cannot run; Problem says more.
	Unknown bool
	Problem string
}

// ConnRow is the connection of a card.
type ConnRow struct {
	ID      string // of the element: "conn-" + step id
	Name    string // empty: none chosen
	Kind    string // "OAuth 2.0"
	State   string // ok, warn or err
	Text    string // the state in words: "connected", "signed out"
	Problem string
}

// FieldKind says how a field is edited.
type FieldKind string

// The kinds of field.
const (
	FieldText       FieldKind = "text"       // one line of text with pills
	FieldURL        FieldKind = "url"        // the same, monospaced, breaking at slashes
	FieldNumber     FieldKind = "number"     // one line with pills, numbers expected
	FieldMultiline  FieldKind = "multiline"  // several lines with pills
	FieldJSON       FieldKind = "json"       // several lines of JSON with pills
	FieldPlain      FieldKind = "plain"      // an ordinary input: never a template
	FieldSelect     FieldKind = "select"     // one of Options
	FieldChoice     FieldKind = "choice"     // one of what the server keeps, or an expression
	FieldSwitch     FieldKind = "switch"     // on or off
	FieldKeyValue   FieldKind = "keyvalue"   // rows of a name and a value; names are the author's
	FieldRows       FieldKind = "rows"       // rows with the same cells
	FieldInline     FieldKind = "inline"     // an expression
	FieldConditions FieldKind = "conditions" // rows of left, operator, right
	FieldGroups     FieldKind = "groups"     // conditions in brackets: rows of a whole small form
)

// StepField is one input of a step, or one cell of a row of it.
type StepField struct {
	ID          string // of the element, stable: "f-get_customer-url"
	Path        string // the input's stored name: "url", "query", "conditions"
	Key         string // name within a keyvalue field
	Row         string // index within rows and conditions
	Col         string // stored name of the cell within a row: "left"
	Label       string
	Help        string
	Type        string // text, number, boolean, date, object, list, any: shown beside the label
	Kind        FieldKind
	Value       string // the template as stored; "true" for a switch that is on
	Segments    []Segment
	Placeholder string
	Required    bool
	Advanced    bool   // folded away
	Group       string // the heading over it and its neighbours of the same group
	Inline      bool   // a section that stands where its field does, open, for a choice made it the main one
	Chosen      bool   // something else than what it is when left alone
	Problem     string
	Vars        string   // of an inline expression: the names that stand for something in it
	Warnings    []string // whole sentences: what is doubtful, but may be published
	Options     []OptionModel
	List        string       // of an ordinary input: the list of what can stand in it, which the browser side makes
	NewURL      string       // of a choice among secrets: the dialog that makes another one
	Choice      *PickedModel // of a choice
	Rows        []FieldRow   // of keyvalue, rows and conditions
	Open        bool         // a folded field that starts open
	Closed      bool         // of keyvalue: no names but those that there are
}

// FieldRow is one row of a keyvalue, rows or conditions field.
type FieldRow struct {
	ID      string // stable
	Key     string // of keyvalue
	Column  bool   // of keyvalue: the name is not the author's, so it is neither changed nor removed
	Index   int    // of rows and conditions
	Cells   []StepField
	Problem string
	Warning string // what is doubtful about it
}

// Segment is a piece of a template: text, or a pill when Pill is set.
type Segment struct {
	Text string
	Pill *PillModel
}

// CardOutput is one value that a card gives to later cards.
type CardOutput struct {
	Ref      string // "get_customer.body.email"
	Label    string // "email"
	Type     string // text, number, boolean, date, object, list, file, any
	Sample   string // of the last test or run
	Depth    int    // 0, or 1 and more for keys inside another output
	Used     bool
	Declared bool   // the author added it, and may remove it
	Path     string // below the step: "body.email"; what removing it names
	Rare     bool   // only the picker shows it
}

// Policy is what happens when a card fails. Its inputs are posted together.
type Policy struct {
	Summary string // "retry 3×, then stop"
	Timeout string // "30s"; empty: the card's own
	OnError string // stop, continue or catch
	Retries bool   // it may be tried again, and has a time limit
	InDoubt string // fail or repeat; empty: not asked
	Rules   []RetryRule
	Problem string
}

// RetryRule is one rule of retrying. Match is codes separated by commas.
type RetryRule struct {
	Match, Attempts, Interval, Backoff, Max string
	Jitter                                  bool
	Problem                                 string
}

// CardList is something that a card knows and nobody fills in: when it runs next.
type CardList struct {
	Title string // "Next times"
	Aux   string // beside the title: "Europe/Berlin"
	Items []CardListItem
	Hint  string // under it
}

// CardListItem is a line of a CardList.
type CardListItem struct {
	Text string
	Sub  string
	At   string // RFC 3339, when the text is a time
}

// CardFoot is the line at the bottom of a card.
type CardFoot struct {
	Text     string // words at the end: "Ends the HTTP call"
	Test     string // outcome of the last test: "200 · 182 ms"; empty: not tested
	TestKind string // ok or err
	// Of an API endpoint: who may call it, where, and the address of its settings dialog.
	Security, URL, SettingsURL string
	CopyLabel                  string // of the button that copies URL
	SettingsLabel              string // of the button that opens the dialog
}

// PaletteGroup is a heading of the card palette and what stands under it.
type PaletteGroup struct {
	Title string
	Items []PaletteItem
}

// PaletteItem is a card that can be added.
type PaletteItem struct {
	Card     string // stored name: "http.get"
	Title    string
	Summary  string
	Icon     string
	Hue      string
	Keywords string // more words it is found by
}

// ConnChoice is one connection in the menu of a card.
type ConnChoice struct {
	ID, Name, Text string
	State          string // ok, warn or err
	Chosen         bool
}

// ConnMenuModel is the menu of a card's connection row.
type ConnMenuModel struct {
	Step    string
	Choices []ConnChoice
	NewURL  string // dialog for a new connection, which comes back to this card
}

// Conflict says that somebody else changed the flow first.
type Conflict struct {
	Who  string // "Dana", "you, in another tab"
	When string // "20 s ago"
}
