package path

import (
	"maps"
	"reflect"
	"slices"

	"flowdeck/cards/schema"
)

// Draft is a value that is changed several times. What it was made of stays as it is: each
// object and list in it is copied once, however often it is changed.
type Draft struct {
	value any
	own   owned
}

// NewDraft returns a draft of v.
func NewDraft(v any) *Draft { return &Draft{v, owned{}} }

// Set is Path.Set on the draft. After an error the draft is of no use.
func (d *Draft) Set(p Path, value any) (err error) {
	d.value, err = p.set(d.value, value, 0, d.own)
	return err
}

// Remove is Path.Remove on the draft.
func (d *Draft) Remove(p Path) {
	if _, there := p.Get(d.value); there && !p.Empty() {
		d.value = p.remove(d.value, 0, d.own)
	}
}

// Value is what the draft has become.
func (d *Draft) Value() any { return d.value }

// owned are the objects and lists that a draft has made, by where they are in memory; nil
// keeps none.
type owned map[uintptr]bool

// object is an object that may be changed: m itself when it is owned.
func (o owned) object(m map[string]any) map[string]any {
	if o[reflect.ValueOf(m).Pointer()] {
		return m
	}
	if m = maps.Clone(m); m == nil {
		m = schema.Values{}
	}
	return o.keepObject(m)
}

func (o owned) keepObject(m map[string]any) map[string]any {
	if o != nil {
		o[reflect.ValueOf(m).Pointer()] = true
	}
	return m
}

// list is a list that may be changed, also by adding to it.
func (o owned) list(l []any) []any {
	if o[reflect.ValueOf(l).Pointer()] {
		return l
	}
	return o.keepList(slices.Clone(l))
}

func (o owned) keepList(l []any) []any {
	if o != nil && cap(l) > 0 {
		o[reflect.ValueOf(l).Pointer()] = true
	}
	return l
}
