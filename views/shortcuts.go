package views

import "strings"

// Shortcut is what some keys of the builder do. The list of them is what the sheet
// shows, what the manual says and what the page listens to: Does is the name by which
// the browser side knows the deed, empty where the keys belong to fields and lists.
type Shortcut struct {
	Label string
	Keys  []string // "Alt+ArrowLeft", "Ctrl+Shift+Z"; Ctrl is Cmd on a Mac
	Does  []string // one for each of Keys, or one for all
	Shown string   // how they are written when Keys would be clumsy or are none
	Where string   // card, canvas or page: where the focus must be
}

// ShortcutGroup is a heading of the sheet.
type ShortcutGroup struct {
	Title string
	Keys  []Shortcut
}

// Shortcuts are all keys of the builder.
var Shortcuts = []ShortcutGroup{
	{"Moving about", []Shortcut{
		{Label: "Next card, card before", Keys: []string{"ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"}, Does: []string{"next", "next", "previous", "previous"}, Shown: "→ ↓ · ← ↑", Where: "card"},
		{Label: "First card, last card", Keys: []string{"Home", "End"}, Does: []string{"first", "last"}, Where: "card"},
		{Label: "Into a card", Keys: []string{"Enter"}, Does: []string{"into"}, Where: "card"},
		{Label: "Back to the card; choose none", Keys: []string{"Escape"}, Does: []string{"back"}, Shown: "Esc", Where: "canvas"},
		{Label: "Find in this flow", Keys: []string{"Ctrl+F"}, Does: []string{"find"}, Where: "canvas"},
		{Label: "Outline of the flow", Keys: []string{"O"}, Does: []string{"outline"}, Where: "card"},
		{Label: "Next problem", Keys: []string{"F8"}, Does: []string{"problem"}, Where: "page"},
	}},
	{"Cards", []Shortcut{
		{Label: "Add a card after this one", Keys: []string{"A"}, Does: []string{"add"}, Where: "card"},
		{Label: "Test this card", Keys: []string{"T"}, Does: []string{"test"}, Where: "card"},
		{Label: "Rename", Keys: []string{"F2"}, Does: []string{"title"}, Where: "card"},
		{Label: "Note", Keys: []string{"N"}, Does: []string{"note"}, Where: "card"},
		{Label: "Collapse, open again", Keys: []string{"C"}, Does: []string{"collapse"}, Where: "card"},
		{Label: "Card menu", Keys: []string{"ContextMenu", "Shift+F10"}, Does: []string{"menu"}, Shown: "Menu key, Shift+F10", Where: "card"},
	}},
	{"Choosing, moving, copying", []Shortcut{
		{Label: "Choose several", Keys: []string{"Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowLeft", "Shift+ArrowUp"}, Does: []string{"choose-next", "choose-next", "choose-previous", "choose-previous"}, Shown: "Shift+arrows, Shift+click", Where: "card"},
		{Label: "Choose one more", Keys: []string{"Ctrl+Space"}, Does: []string{"choose-one"}, Shown: "Ctrl+Space, Ctrl+click", Where: "card"},
		{Label: "Choose all", Keys: []string{"Ctrl+A"}, Does: []string{"choose-all"}, Where: "card"},
		{Label: "Move earlier, later, into blocks and out", Keys: []string{"Alt+ArrowLeft", "Alt+ArrowUp", "Alt+ArrowRight", "Alt+ArrowDown"}, Does: []string{"earlier", "earlier", "later", "later"}, Shown: "Alt+arrows", Where: "card"},
		{Label: "Move anywhere", Keys: []string{"M"}, Does: []string{"carry-card"}, Shown: "M, then Enter on a +", Where: "card"},
		{Label: "Put into Try, For Each, If …", Keys: []string{"W"}, Does: []string{"wrap"}, Where: "card"},
		{Label: "Copy, cut", Keys: []string{"Ctrl+C", "Ctrl+X"}, Does: []string{"copy", "cut"}, Where: "card"},
		{Label: "Paste after this card", Shown: "Ctrl+V"},
		{Label: "Duplicate", Keys: []string{"Ctrl+D"}, Does: []string{"duplicate"}, Where: "card"},
		{Label: "Delete", Keys: []string{"Delete", "Backspace"}, Does: []string{"delete"}, Shown: "Del, Backspace", Where: "card"},
	}},
	{"Data", []Shortcut{
		{Label: "Insert data while typing", Shown: "Ctrl+Space or {{"},
		{Label: "Change a value's pill", Shown: "Alt+↓ beside it"},
		{Label: "Pick an output up, place it", Shown: "Enter, Tab, Enter"},
	}},
	{"The flow", []Shortcut{
		{Label: "Undo, redo", Keys: []string{"Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y"}, Does: []string{"undo", "redo", "redo"}, Where: "page"},
		{Label: "Save now", Keys: []string{"Ctrl+S"}, Does: []string{"save"}, Where: "page"},
		{Label: "Run the flow, or the test that is open", Keys: []string{"Ctrl+Enter"}, Does: []string{"run"}, Where: "page"},
		{Label: "Zoom in, out, fit", Keys: []string{"Ctrl++", "Ctrl+=", "Ctrl+-", "Ctrl+0"}, Does: []string{"zoom-in", "zoom-in", "zoom-out", "zoom-fit"}, Shown: "Ctrl and +, −, 0", Where: "canvas"},
		{Label: "These shortcuts", Keys: []string{"?"}, Does: []string{"keys"}, Where: "card"},
	}},
}

// Text is how the keys are written on the sheet and in the manual.
func (s Shortcut) Text() string {
	if s.Shown != "" {
		return s.Shown
	}
	return strings.Join(s.Keys, ", ")
}

// deeds are the pairs that the browser side listens to: "Alt+ArrowLeft earlier".
func (s Shortcut) deeds() string {
	var list []string
	for i, key := range s.Keys {
		list = append(list, key+" "+s.Does[min(i, len(s.Does)-1)])
	}
	return strings.Join(list, "\n")
}
