// Package shape learns what answers look like: which keys an object has, of
// which types, and whether they are always there.
//
// It keeps names and types, never values, and its size is bounded whatever it
// is shown. It knows no flow and no store.
package shape

import (
	"cmp"
	"slices"

	"flowdeck/cards/schema"
)

const (
	maxDepth = 12   // levels below the answer that are learned
	maxNodes = 1000 // of one shape; the keys unseen for longest give way
	maxItems = 50   // of a list that are looked at
	maxKey   = 200  // bytes of a key that is learned
)

// Shape is what was seen of one place in an answer, over many answers. The zero
// Shape has seen nothing. Its JSON is stored.
type Shape struct {
	Answers int64                `json:"n"`                 // answers that had a value here; of the root, all of them
	Last    int64                `json:"last"`              // number of the newest of them; the first answer is 1
	Absent  int64                `json:"absent,omitempty"`  // answers that had the object but not this key
	Missing int64                `json:"missing,omitempty"` // of these, how many since the last that had it
	Types   map[schema.Type]Seen `json:"types,omitempty"`
	Keys    map[string]*Shape    `json:"keys,omitempty"`  // of objects
	Items   *Shape               `json:"items,omitempty"` // of lists: one Shape for all items
	// Partial says that objects here may have had keys that are not among Keys.
	Partial bool `json:"partial,omitempty"`
}

// Seen says in which answers a type was seen, by their numbers.
type Seen struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
	Count int64 `json:"n"`
}

// Null is the type of a value that is empty.
const Null schema.Type = "null"

// typeOf is schema.TypeOf, but for what is empty.
func typeOf(v any) schema.Type {
	if v == nil {
		return Null
	}
	return schema.TypeOf(v)
}

// Learn takes in one more answer.
func (s *Shape) Learn(answer any) {
	l := lesson{answer: s.Last + 1, room: 2 * maxNodes}
	l.learn(s, answer, 0)
	l.miss(s)
	s.prune()
}

// lesson is the taking in of one answer.
type lesson struct {
	answer int64
	room   int // places that it may still add
}

func (l *lesson) learn(s *Shape, v any, depth int) {
	if s.Last != l.answer { // the items of a list share a Shape
		s.Answers++
		s.Last, s.Missing = l.answer, 0
	}
	l.note(s, typeOf(v))
	if depth == maxDepth {
		s.Partial = true
		return
	}
	switch v := v.(type) {
	case map[string]any:
		l.object(s, v, depth)
	case []any:
		if len(v) > 0 && s.Items == nil {
			s.Items = &Shape{}
		}
		if len(v) > maxItems {
			s.Items.Partial = true
		}
		for i := range min(len(v), maxItems) {
			l.learn(s.Items, v[i], depth+1)
		}
	}
}

func (l *lesson) note(s *Shape, t schema.Type) {
	if s.Types == nil {
		s.Types = map[schema.Type]Seen{}
	}
	seen, known := s.Types[t]
	if !known {
		seen.First = l.answer
	}
	if seen.Last != l.answer {
		seen.Count++
		seen.Last = l.answer
	}
	s.Types[t] = seen
}

func (l *lesson) object(s *Shape, v map[string]any, depth int) {
	if s.Keys == nil {
		s.Keys = make(map[string]*Shape, min(len(v), maxNodes))
	}
	for _, key := range l.order(s, v) {
		child := s.Keys[key]
		if child == nil {
			if l.room == 0 {
				s.Partial = true
				return
			}
			l.room--
			child = &Shape{}
			if !s.Partial { // else earlier answers may have had it
				child.Absent = s.Types[schema.Object].Count - 1
			}
			s.Keys[key] = child
		}
		l.learn(child, v[key], depth+1)
	}
}

// order lists the keys that may be learned: known ones first, then plain values
// before what holds others, short names before long ones.
func (l *lesson) order(s *Shape, v map[string]any) []string {
	rank := func(key string) int {
		if s.Keys[key] != nil {
			return 0
		}
		switch v[key].(type) {
		case map[string]any, []any:
			return 2
		}
		return 1
	}
	keys := make([]string, 0, len(v))
	for key := range v {
		if len(key) > maxKey {
			s.Partial = true
			continue
		}
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return keys
}

// miss counts the keys that this answer's objects did not have.
func (l *lesson) miss(s *Shape) {
	if s.Last != l.answer {
		return
	}
	if s.Items != nil {
		l.miss(s.Items)
	}
	object := s.Types[schema.Object].Last == l.answer
	for _, child := range s.Keys {
		switch {
		case child.Last == l.answer:
			l.miss(child)
		case object:
			child.Absent++
			child.Missing++
		}
	}
}

// prune keeps a shape below its bound: the places unseen for longest go first.
func (s *Shape) prune() {
	if s.size() <= maxNodes {
		return
	}
	type place struct {
		parent *Shape
		key    string
		depth  int
	}
	var all []place
	var walk func(*Shape, int)
	walk = func(s *Shape, depth int) {
		for key, child := range s.Keys {
			all = append(all, place{s, key, depth})
			walk(child, depth+1)
		}
		if s.Items != nil {
			walk(s.Items, depth+1)
		}
	}
	walk(s, 0)
	slices.SortFunc(all, func(a, b place) int {
		x, y := a.parent.Keys[a.key], b.parent.Keys[b.key]
		return cmp.Or(cmp.Compare(x.Last, y.Last), cmp.Compare(x.Answers, y.Answers), cmp.Compare(b.depth, a.depth), cmp.Compare(b.key, a.key))
	})
	for over := s.size() - maxNodes; over > 0 && len(all) > 0; all = all[1:] {
		p := all[0]
		if child, ok := p.parent.Keys[p.key]; ok {
			over -= child.size()
			delete(p.parent.Keys, p.key)
			p.parent.Partial = true
		}
	}
}

func (s *Shape) size() int {
	n := 1
	for _, child := range s.Keys {
		n += child.size()
	}
	if s.Items != nil {
		n += s.Items.size()
	}
	return n
}
