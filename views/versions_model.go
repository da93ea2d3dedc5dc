package views

import "strconv"

// VersionsPage is the history of a flow: what was published, and two states side by side.
type VersionsPage struct {
	Shell    ShellModel
	FlowID   string
	Name     string
	Revision int64
	Note     *NoteModel
	List     []VersionRow
	Older    string // address of the older ones; "" when there are none
	From, To string // what is compared: the number of a version, or "draft"
	Choices  []OptionModel
	Diff     *DiffModel // nil when there is nothing to compare
	Restore  string     // number of the version that can become the draft: the earlier one
}

// VersionRow is one published version, or the draft.
type VersionRow struct {
	Key     string // "7", "draft"
	Label   string // "v7", "Draft"
	By, At  string
	Text    string // what its publisher said about it
	Summary string // what changed, in a line
	Live    bool
	Current bool // it is what is looked at
	Href    string
}

// DiffModel is how one state of a flow differs from another, by card.
type DiffModel struct {
	Before, After string // "v6", "the draft"
	Summary       string
	Cards         []DiffCard
	Fields        []DiffField // of the flow itself
	Compact       bool        // cards are folded: the summary says enough
}

// DiffCard is one card that differs. Kind is added, removed, changed or moved.
type DiffCard struct {
	ID, Kind     string
	Number       string
	Title        string
	Icon, Hue    string
	Moved        string // "from 3 to 5"
	Fields       []DiffField
	RestoreTo    string // number of the version that it can be taken back from; "" when that makes no sense
	RestoreLabel string
}

// DiffField is one value of it. Kind is added, removed or changed.
type DiffField struct {
	Kind, Label   string
	Before, After []Segment
}

func diffTag(kind string) TagModel {
	if kind == "moved" {
		return TagModel{Text: kind, Kind: "run", Icon: "arrow-right"}
	}
	return TagModel{Text: kind, Kind: changeTag(kind), Icon: changeIcon(kind)}
}

func cardsWord(n int) string {
	if n == 1 {
		return "1 value"
	}
	return strconv.Itoa(n) + " values"
}
