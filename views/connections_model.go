package views

import "flowdeck/cards/schema"

// ConnectionsModel is the page of connections.
type ConnectionsModel struct {
	Shell  ShellModel
	Filter FilterModel
	Risks  []RiskModel
	None   bool // there is no connection at all
	Rows   []ConnectionRowModel
	Drawer *ConnectionDrawerModel // open beside the list
	Form   *ConnectionFormModel   // shown instead of the list, where there is no script
	Wait   *SignInWaitModel       // likewise
	Done   *SignInDoneModel
	Delete *ConnectionDeleteModel // likewise
}

// ConnectionRowModel is one line of the list.
type ConnectionRowModel struct {
	ID, Name, Hosts string
	Type, Icon      string
	State           StatusModel
	Why             string // the state's reason, in words
	Uses            string // "2 flows", "" when not used
	LastUsed        string
	Action          ConnectionAction
	Interactive     bool // a person signs in to it
	Testable        bool
	Renewable       bool // it gets tokens by itself
	Calm            bool // nothing to do
	Selected        bool
}

// ConnectionAction is the one thing to do with a connection next: authorize, test or edit.
type ConnectionAction struct {
	Do      string
	Primary bool
}

// ConnectionDrawerModel is all about one connection.
type ConnectionDrawerModel struct {
	Row         ConnectionRowModel
	Description string
	Note        *NoteModel
	Stops       []LinkModel // live flows that the note is about
	StopsMore   string
	Rehearsal   *RehearsalModel // just held
	SecretEnds  string          // a day, as the browser's date field writes it
	HasSecret   bool
	Uses        []ConnectionUseModel
	SignIn      []KVModel
	Activity    []KVModel
	Limits      ConnectionLimitsModel
}

// ConnectionUseModel is a flow that uses a connection.
type ConnectionUseModel struct {
	Flow, Href string
	Steps      string
	Tag        TagModel
}

// ConnectionFormModel is the form of a connection, new or not.
type ConnectionFormModel struct {
	FromCommand       bool   // begun from a curl command, which the browser sends along
	ID                string // "" when new
	Title, Text       string
	Dialog            bool
	Note              *NoteModel
	Name, Description string
	Types             []ChoiceModel // none: the type cannot be changed
	Type              string
	Presets           []PresetModel
	Begun             *BegunModel    // the service that it was begun from
	Discover          *DiscoverModel // of types that sign in at a token URL
	Redirect          string         // the URL to register at the service; "" when the type needs none
	RedirectProblem   bool
	Fields, Advanced  []ConnectionField
	Summary           string // of what is folded away
	Unfold            bool
	Network           ConnectionNetworkModel
	Hosts, TestURL    string
	NeedsHosts        bool
	Interactive       bool
	Problems          map[string]string // of name, description, hosts and test_url
	Flow, Step        string            // the card that waits for it
	Seen              string            // when it was last changed, as this form knows it
	Submit            string
}

// ConnectionNetworkModel is the section of a connection's network and limits.
type ConnectionNetworkModel struct {
	Fields  []ConnectionField
	Summary string // when closed: "5 a second · client certificate"
	Open    bool   // something inside wants to be seen
	Note    *NoteModel
}

// PresetModel is a service that a connection can begin from.
type PresetModel struct {
	Name, Title, Type, Icon string
	Words                   string // what it is found by, in lower case
}

// BegunModel is the service that a connection was begun from.
type BegunModel struct {
	Name, Title, Note string
	Link              string // where one makes a client there
	Ask               []FieldModel
}

// DiscoverModel fills a form in from an issuer.
type DiscoverModel struct {
	Value, Problem string
	Said           *NoteModel // of the server, when it was asked
	Offered        []string   // scopes
}

// ConnectionField is one blank of a type's form.
type ConnectionField struct {
	schema.Field
	ID, Post string // Post is the name it is posted under
	Value    string
	On       bool
	Saved    bool // a secret that has a value
	Problem  string
	Rows     []ConnectionFieldRow // of a list, or of an open object
}

// ConnectionFieldRow is one row of a list or of an object: a name and a value.
type ConnectionFieldRow struct{ Name, Value ConnectionField }

// Together splits fields where the condition changes under which they are asked for.
func Together(fields []ConnectionField) [][]ConnectionField {
	var groups [][]ConnectionField
	for i, f := range fields {
		if i == 0 || f.When.String() != fields[i-1].When.String() {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], f)
	}
	return groups
}

// Pairs puts short fields that belong together on one line.
func Pairs(fields []ConnectionField) [][]ConnectionField {
	var lines [][]ConnectionField
	for i := 0; i < len(fields); i++ {
		if i+1 < len(fields) && short(fields[i]) && short(fields[i+1]) && fields[i].Format == fields[i+1].Format {
			lines = append(lines, fields[i:i+2])
			i++
			continue
		}
		lines = append(lines, fields[i:i+1])
	}
	return lines
}

func short(f ConnectionField) bool { return f.Type == schema.Text && f.Format != schema.Multiline }

// SignInWaitModel is a sign-in under way.
type SignInWaitModel struct {
	Attempt, Connection string // ids
	New                 bool
	Dialog              bool
	Host                string
	Scopes              []string
	Link                string // the whole address of the link
	Site                string // host of this server, for whoever allows pop-ups
	Expires             int64  // Unix seconds
	Left                string // "9:41"
	Checking            bool   // the service answered, the token is being asked for
	Expired             bool
	Gone                string // why it can never come to an end: "It was cancelled"
}

// SignInDoneModel is a sign-in that worked.
type SignInDoneModel struct {
	Attempt, Connection string
	Dialog              bool
	New                 bool
	Name                string
	Account, Scopes     string
	Renews              bool
	Notes               []NoteModel
	UseIn               string // title of the card that waits for it
}

// CallbackModel is the page that the service sends the browser back to.
type CallbackModel struct {
	Attempt string
	OK      bool
	Title   string
	Text    string
	Advice  string
	Href    string
	Label   string
}

// ConnectionDeleteModel asks before a connection is deleted, or says why it is not.
type ConnectionDeleteModel struct {
	ID, Name string
	Dialog   bool
	Uses     []ConnectionUseModel
}
