package list

import (
	"hash/maphash"
	"strconv"

	"flowdeck/cards/schema"
)

// set finds out whether a value was seen before, by schema.Equal.
type set struct {
	seed maphash.Seed
	seen map[uint64][]any
}

func newSet(n int) *set { return &set{maphash.MakeSeed(), make(map[uint64][]any, n)} }

func (s *set) has(v any) bool {
	for _, x := range s.seen[s.hash(v)] {
		if schema.Equal(x, v) {
			return true
		}
	}
	return false
}

// add reports whether v is new.
func (s *set) add(v any) bool {
	h := s.hash(v)
	for _, x := range s.seen[h] {
		if schema.Equal(x, v) {
			return false
		}
	}
	s.seen[h] = append(s.seen[h], v)
	return true
}

// hash is the same for values that are equal.
func (s *set) hash(v any) uint64 {
	switch x := v.(type) {
	case nil:
		return 1
	case string:
		return maphash.String(s.seed, x)
	case bool:
		return maphash.Comparable(s.seed, x)
	case []any:
		h := uint64(2)
		for _, e := range x {
			h = h*31 + s.hash(e)
		}
		return h
	case map[string]any:
		h := uint64(3)
		for k, e := range x {
			h += maphash.String(s.seed, k) ^ (s.hash(e)*31 + 7)
		}
		return h
	}
	text, _ := schema.FormatNumber(v)
	f, _ := strconv.ParseFloat(text, 64)
	return maphash.Comparable(s.seed, f+0)
}
