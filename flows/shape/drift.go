package shape

import (
	"slices"

	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Drift says how a place in an answer differs from what it was.
type Drift string

// The kinds of drift.
const (
	Steady   Drift = ""         // nothing is known against it
	Unseen   Drift = "unseen"   // no answer had it, though answers had the object that would hold it
	Vanished Drift = "vanished" // it was always there, the newest answers lack it
	Seldom   Drift = "seldom"   // some answers lack it
	Changed  Drift = "changed"  // its type is another than it was
	Mixed    Drift = "mixed"    // its type goes to and fro
)

// Verdict is what is known of one place.
type Verdict struct {
	Drift   Drift
	Answers int64       // that had the place's object, or the place when it is the answer itself
	Without int64       // Vanished: of the newest; Seldom and Unseen: of all
	Was     schema.Type // Changed and Mixed
	Is      schema.Type
	Since   int64 // Changed: how many of the newest answers have the new type
}

// Of judges a path below the answer as references write it: "body.items[0].id".
// A path that leads through a place where the answers never had an object or a
// list, or had keys that were not learned, is Steady: nothing is known of it.
func (s *Shape) Of(path string) Verdict {
	keys, err := expr.ParsePath(path)
	if s == nil || err != nil {
		return Verdict{}
	}
	seldom, partial := Verdict{}, false
	for _, key := range keys {
		if key.List {
			if s.Items == nil {
				return Verdict{}
			}
			s = s.Items
			partial = partial || s.Partial // there are items that nothing was learned from
			continue
		}
		objects := s.Types[schema.Object].Count
		child := s.Keys[key.Name]
		switch {
		case objects == 0 || child == nil && (partial || s.Partial):
			return Verdict{}
		case child == nil:
			return Verdict{Drift: Unseen, Answers: objects, Without: objects}
		case child.Missing > 0 && child.Missing == child.Absent:
			return Verdict{Drift: Vanished, Answers: objects, Without: child.Missing}
		case child.Absent > 0:
			seldom = Verdict{Drift: Seldom, Answers: objects, Without: child.Absent}
		}
		s = child
	}
	if v := s.types(); v.Drift != Steady {
		v.Answers = s.Answers
		return v
	}
	return seldom
}

// types judges the types of one place. Empty is no type of its own: what may be
// empty is what it is when it is not.
func (s *Shape) types() Verdict {
	var newest, other schema.Type
	for _, t := range s.kinds() {
		if newest == "" {
			newest = t
		} else if other == "" {
			other = t
		}
	}
	if other == "" {
		return Verdict{}
	}
	is, was := s.Types[newest], s.Types[other]
	if is.First > was.Last {
		return Verdict{Drift: Changed, Was: other, Is: newest, Since: is.Count}
	}
	return Verdict{Drift: Mixed, Was: other, Is: newest}
}

// kinds lists the types seen here but Null, the newest first.
func (s *Shape) kinds() []schema.Type {
	var list []schema.Type
	for t := range s.Types {
		if t != Null {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b schema.Type) int {
		x, y := s.Types[a], s.Types[b]
		switch {
		case x.Last != y.Last:
			return int(y.Last - x.Last)
		case x.Count != y.Count:
			return int(y.Count - x.Count)
		case a < b:
			return -1
		}
		return 1
	})
	return list
}

// Oddity says how one answer differs, at one place, from what answers usually have.
type Oddity struct {
	Missing bool        // the answer has nothing there
	Is      schema.Type // what it has there
	Usual   schema.Type // what most answers have
	Having  int64       // answers that had what is usual
	Answers int64       // all that could have had it
}

// Against compares an answer with what was learned, at a path as references
// write it. ok is false when the answer is as usual, or nothing is known.
func (s *Shape) Against(answer any, path string) (o Oddity, ok bool) {
	keys, err := expr.ParsePath(path)
	if s == nil || err != nil {
		return o, false
	}
	o.Answers = s.Answers
	for _, key := range keys {
		if key.List {
			s = s.Items
		} else {
			o.Answers = s.Types[schema.Object].Count
			s = s.Keys[key.Name]
		}
		if s == nil {
			return o, false
		}
	}
	for t, seen := range s.Types {
		if seen.Count > o.Having || seen.Count == o.Having && t < o.Usual {
			o.Usual, o.Having = t, seen.Count
		}
	}
	v := expr.At(answer, keys)
	o.Is, o.Missing = typeOf(v), v == nil
	return o, o.Is != o.Usual && o.Having > 0
}
