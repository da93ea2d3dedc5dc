package flows

import (
	"bytes"

	"flowdeck/cards"
)

// repeatable are the edits that change nothing when they are made a second time.
var repeatable = map[string]bool{OpSet: true, OpUnset: true, OpRename: true, OpNote: true, OpConnect: true, OpPolicy: true,
	OpResultSet: true, OpResultUnset: true, OpReplace: true}

// Stands reports whether d still is what e made of it, as far as e goes. Of edits that
// cannot be made twice it is not known, and taken to be so.
func (d Document) Stands(e Edit, reg *cards.Registry) (bool, error) {
	if !repeatable[e.Op] {
		return true, nil
	}
	again, _, _, err := d.Apply(e, reg)
	if err != nil {
		return false, err
	}
	return d.same(again)
}

func (d Document) same(other Document) (bool, error) {
	a, err := d.Encode()
	if err != nil {
		return false, err
	}
	b, err := other.Encode()
	return bytes.Equal(a, b), err
}

// TakeBack returns d without the difference between two documents, when made became d by
// the edits of others and they are about other cards; else ok is false.
func (d Document) TakeBack(made, before Document) (next Document, ok bool) {
	ours, back := map[string]bool{}, Compare(made, before, nil).Steps
	for _, s := range back {
		ours[s.ID] = true
	}
	for _, s := range Compare(made, d, nil).Steps {
		if ours[s.ID] {
			return d, false
		}
	}
	next = d
	for _, s := range back {
		restored, err := next.Restore(before, s.ID)
		if err != nil {
			continue // it went with the card around it
		}
		next = restored
	}
	for _, s := range Compare(d, next, nil).Steps {
		if !ours[s.ID] {
			return d, false // it stood inside of what goes
		}
	}
	return next, true
}
