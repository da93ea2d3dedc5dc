package shape

import (
	"cmp"
	"maps"
	"slices"

	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Field is a place in an answer that flows may refer to.
type Field struct {
	Path string      // below the answer: "body.items[0].id"
	Type schema.Type // Any when it goes to and fro
	// Maybe says that some answers lack it or have it empty.
	Maybe bool
}

// Fields lists the places that the newest answers have, objects
// before what is in them, at most limit. Of a list, the first item stands for all.
func (s *Shape) Fields(limit int) []Field {
	var list []Field
	s.fields(nil, &list, limit, false)
	return list
}

func (s *Shape) fields(path []expr.Key, list *[]Field, limit int, maybe bool) {
	if s == nil {
		return
	}
	if s.Items != nil {
		s.Items.field(append(path, expr.Key{List: true}), list, limit, true)
	}
	keys := slices.SortedFunc(maps.Keys(s.Keys), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(s.Keys[a].Keys), len(s.Keys[b].Keys)), cmp.Compare(a, b))
	})
	for _, key := range keys {
		if child := s.Keys[key]; child.Last == s.Last || child.Missing != child.Absent {
			child.field(append(path, expr.Key{Name: key}), list, limit, maybe || child.Absent > 0)
		}
	}
}

func (s *Shape) field(path []expr.Key, list *[]Field, limit int, maybe bool) {
	if len(*list) >= limit {
		return
	}
	f := Field{Path: expr.Reference{Path: path}.PathString(), Type: schema.Any, Maybe: maybe || s.Types[Null].Count > 0}
	if kinds := s.kinds(); len(kinds) > 0 && s.types().Drift != Mixed {
		f.Type = kinds[0]
	}
	*list = append(*list, f)
	s.fields(path, list, limit, f.Maybe)
}
