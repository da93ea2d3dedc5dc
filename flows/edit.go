package flows

import (
	"errors"

	"flowdeck/cards"
)

// Edit is one change to a document. Which fields count depends on Op.
//
// A place is a chain and an index in it: Parent "" is the flow's own chain,
// "if_1/then" a block of a card.
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
	// Order puts the order of keys back; only inverses have it.
	Order *[]string `json:"order,omitempty"`
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
	OpToggle      = "toggle"        // Step off or on: Value, or the other way round
	OpConnect     = "connect"       // Step's connection: Value
	OpPolicy      = "policy"        // Step's Policy: Value
	OpSet         = "set"           // Field of Step's inputs: Value
	OpUnset       = "unset"         // Field of Step's inputs
	OpRenameKey   = "rename_key"    // Field's last key becomes Name
	OpAddItem     = "add_item"      // to the list Field, or before the item "conditions.1"
	OpRemoveItem  = "remove_item"   // the item Field: "conditions.1"
	OpOutputAdd   = "output_add"    // declares Field ("body.email") of type Value
	OpOutputDrop  = "output_remove" // Field
	OpOutputs     = "outputs"       // all declared outputs: Value
	OpTrigger     = "trigger"       // another trigger Card, keeping inputs of the same name; or Value, a step
	OpResultSet   = "result_set"    // Field of the result of block Parent: Value
	OpResultUnset = "result_unset"  // Field of the result of block Parent
	OpWrap        = "wrap"          // Step (and the Index-1 steps after it) into block Field of a new Card
	OpUnwrap      = "unwrap"        // the steps of block Field take the place of Step
	OpReplace     = "replace"       // the whole document: Value
)

// Apply returns the document as e leaves it, the edit that undoes e, and what e
// did in words ("Delete Close"). The document itself is not changed. The error
// is schema.Problems when e asks for something impossible and wraps ErrNotFound
// when it names something that is not there.
func (d Document) Apply(e Edit, reg *cards.Registry) (next Document, inverse Edit, label string, err error) {
	return d, Edit{}, "", errors.New("not an edit")
}
