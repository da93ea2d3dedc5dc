package flows

import (
	"encoding/json"
	"fmt"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// Edit is one change to a document. Which fields count depends on Op.
//
// A place is a chain and an index in it: Parent "" is the flow's own chain,
// "if_1/then" a block of a card. An index beyond the end, or below 0, is the end.
// Field paths are keys with dots between them, \. for a dot in a key.
type Edit struct {
	Op     string `json:"op"`
	Step   string `json:"step,omitempty"`
	Field  string `json:"field,omitempty"`  // "url", "query.expand", "conditions.0.left"
	Parent string `json:"parent,omitempty"` // chain; of field edits: the block whose result is meant
	Index  int    `json:"index,omitempty"`
	Card   string `json:"card,omitempty"`
	Title  string `json:"title,omitempty"`
	Name   string `json:"name,omitempty"` // the new key of rename_key
	Value  any    `json:"value,omitempty"`
	Zone   string `json:"zone,omitempty"` // of a new trigger, where it has a time zone
	// Order puts the order of keys back; only inverses have it.
	Order *[]string `json:"order,omitempty"`
	// Block is what the block had in it that the item of add_item declares; only inverses have it.
	Block *Block   `json:"block,omitempty"`
	Steps []string `json:"steps,omitempty"` // of edits of several cards
	Edits []Edit   `json:"edits,omitempty"` // of all; only inverses have it
}

// The edits.
const (
	OpInsert      = "insert"        // Card at Parent, Index; Title and Value (inputs) when given
	OpMove        = "move"          // Step to Parent, Index (counted without the step)
	OpRemove      = "remove"        // Step with all inside
	OpRestore     = "restore"       // Value, a step, at Parent, Index
	OpDuplicate   = "duplicate"     // Step with all inside, next to it
	OpRename      = "rename"        // Step's Title
	OpNote        = "note"          // Step's note: Value
	OpToggle      = "toggle"        // Step off (Value true) or on (false); the other way round without Value
	OpConnect     = "connect"       // Step's connection: Value
	OpPolicy      = "policy"        // Step's Policy: Value
	OpSet         = "set"           // Field of Step's inputs: Value
	OpUnset       = "unset"         // Field of Step's inputs
	OpRenameKey   = "rename_key"    // Field's last key becomes Name
	OpAddItem     = "add_item"      // Value to the list Field, or before the item "conditions.1"
	OpRemoveItem  = "remove_item"   // the item Field: "conditions.1", with the block that it declares
	OpMoveItem    = "move_item"     // the item Field to Index in its list
	OpOutputAdd   = "output_add"    // declares Field ("body.email") of type Value
	OpOutputDrop  = "output_remove" // Field
	OpOutputs     = "outputs"       // all declared outputs: Value
	OpTrigger     = "trigger"       // another trigger Card, keeping inputs of the same name; or Value, a step
	OpResultSet   = "result_set"    // Field of the result of block Parent: Value
	OpResultUnset = "result_unset"  // Field of the result of block Parent
	OpWrap        = "wrap"          // Step (and the Index-1 steps after it) into block Field of a new Card
	OpUnwrap      = "unwrap"        // the steps of block Field take the place of Step
	OpPaste       = "paste"         // the steps of Value to Parent, Index, with new ids
	OpRemoveAll   = "remove_all"    // Steps
	OpMoveAll     = "move_all"      // Steps to Parent, Index (counted without them)
	OpCopyAll     = "duplicate_all" // Steps, after the last of them
	OpAll         = "all"           // Edits, in turn
	OpReplace     = "replace"       // the whole document: Value
)

// UnmarshalJSON keeps the digits of numbers in Value.
func (e *Edit) UnmarshalJSON(data []byte) error {
	type plain Edit
	read := struct {
		*plain
		Value json.RawMessage `json:"value"`
		Block json.RawMessage `json:"block"`
	}{plain: (*plain)(e)}
	e.Value, e.Block = nil, nil
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	if len(read.Block) > 0 {
		v, err := schema.DecodeJSON(read.Block)
		if err != nil {
			return err
		}
		e.Block = &Block{}
		if err := readValue(v, e.Block); err != nil {
			return err
		}
	}
	if len(read.Value) == 0 {
		return nil
	}
	v, err := schema.DecodeJSON(read.Value)
	if err != nil {
		return err
	}
	e.Value = v
	return nil
}

// Apply returns the document as e leaves it, the edit that undoes e, and what e
// did in words ("Delete Close"). The document itself is not changed. References
// to what an edit takes away stay; Compile names them. The error is
// schema.Problems when e asks for something impossible and wraps ErrNotFound
// when it names something that is not there.
func (d Document) Apply(e Edit, reg *cards.Registry) (next Document, inverse Edit, label string, err error) {
	x := &editor{doc: d.clone(), reg: reg, edits: edits}
	apply, ok := edits[e.Op]
	if !ok {
		return d, Edit{}, "", refuse("op", "there is no edit %q", e.Op)
	}
	inverse, label, err = apply(x, e)
	if err != nil {
		return d, Edit{}, "", err
	}
	if n := x.count(); n > maxSteps && n > d.count() {
		return d, Edit{}, "", refuse("", "a flow may have %d cards", maxSteps)
	}
	if p := TypedSecrets(x.doc, reg); len(p) > 0 {
		return d, Edit{}, "", refuse(p[0].Field, "%s", p[0].Message)
	}
	return x.doc, inverse, label, nil
}

var edits = map[string]func(*editor, Edit) (Edit, string, error){
	OpInsert: (*editor).insert, OpMove: (*editor).move, OpRemove: (*editor).remove, OpRestore: (*editor).restore,
	OpDuplicate: (*editor).duplicate, OpWrap: (*editor).wrap, OpUnwrap: (*editor).unwrap,
	OpRename: (*editor).rename, OpNote: (*editor).note, OpToggle: (*editor).toggle, OpConnect: (*editor).connect,
	OpPolicy: (*editor).policy, OpTrigger: (*editor).trigger, OpReplace: (*editor).replace,
	OpSet: (*editor).set, OpUnset: (*editor).unset, OpRenameKey: (*editor).renameKey,
	OpPaste: (*editor).paste, OpRemoveAll: (*editor).removeAll, OpMoveAll: (*editor).moveAll, OpCopyAll: (*editor).duplicateAll, OpAll: (*editor).all,
	OpAddItem: (*editor).addItem, OpRemoveItem: (*editor).removeItem, OpMoveItem: (*editor).moveItem,
	OpResultSet: (*editor).set, OpResultUnset: (*editor).unset,
	OpOutputAdd: (*editor).outputAdd, OpOutputDrop: (*editor).outputRemove, OpOutputs: (*editor).outputs,
}

// editor is a document while one edit is made to it.
type editor struct {
	doc   Document // a clone
	reg   *cards.Registry
	edits map[string]func(*editor, Edit) (Edit, string, error) // for edits made of others
}

func (x *editor) count() int { return x.doc.count() }

func (d Document) count() int {
	n := 0
	eachStep(&d, func(*Step) { n++ })
	return n
}

func refuse(field, format string, args ...any) error {
	return schema.Problems{{Field: field, Message: fmt.Sprintf(format, args...)}}
}

func missing(kind, name string) error { return fmt.Errorf("%s %q: %w", kind, name, ErrNotFound) }

// step finds a step, the trigger included. What it points at belongs to the clone.
func (x *editor) step(id string) (*Step, error) {
	var found *Step
	eachStep(&x.doc, func(s *Step) {
		if s.ID == id && found == nil && id != "" {
			found = s
		}
	})
	if found == nil {
		return nil, missing("step", id)
	}
	return found, nil
}

// place finds the chain in which a step stands, and where; the trigger is in none.
func (x *editor) place(id string) (parent string, index int, err error) {
	var look func(name string, chain []Step) bool
	look = func(name string, chain []Step) bool {
		for i, s := range chain {
			if s.ID == id {
				parent, index = name, i
				return true
			}
			for _, b := range sortedKeys(s.Blocks) {
				if look(s.ID+"/"+b, s.Blocks[b].Chain) {
					return true
				}
			}
		}
		return false
	}
	if !look("", x.doc.Chain) {
		return "", 0, missing("step", id)
	}
	return parent, index, nil
}

// chain returns the steps of a chain by its name.
func (x *editor) chain(parent string) ([]Step, error) {
	if parent == "" {
		return x.doc.Chain, nil
	}
	s, block, err := x.block(parent)
	if err != nil {
		return nil, err
	}
	return s.Blocks[block].Chain, nil
}

func (x *editor) block(parent string) (*Step, string, error) {
	id, block := splitChain(parent)
	s, err := x.step(id)
	if err != nil {
		return nil, "", err
	}
	card, known := x.reg.Card(s.Card)
	_, has := s.Blocks[block]
	if !has && !(known && slices.ContainsFunc(Lanes(s, card), func(l Lane) bool { return l.Name == block && block != "" })) {
		return nil, "", missing("block", parent)
	}
	return s, block, nil
}

// put replaces the steps of a chain that chain has found.
func (x *editor) put(parent string, chain []Step) {
	if parent == "" {
		x.doc.Chain = chain
		return
	}
	id, block := splitChain(parent)
	s, _ := x.step(id)
	b := s.Blocks[block]
	b.Chain = chain
	s.putBlock(block, b)
}

// putBlock keeps blocks in their normal form: empty ones are not there.
func (s *Step) putBlock(name string, b Block) {
	if len(b.Chain) == 0 {
		b.Chain = nil
	}
	if len(b.Result) == 0 {
		b.Result = nil
	}
	if b.Chain == nil && b.Result == nil && len(b.Order) == 0 {
		delete(s.Blocks, name)
		return
	}
	if s.Blocks == nil {
		s.Blocks = map[string]Block{}
	}
	s.Blocks[name] = b
}

// titleOf is how labels speak of a step.
func (x *editor) titleOf(s *Step) string {
	if s.Title != "" {
		return s.Title
	}
	if card, ok := x.reg.Card(s.Card); ok {
		return card.Title
	}
	return s.Card
}
