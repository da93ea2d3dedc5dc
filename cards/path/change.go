package path

import (
	"fmt"
	"maps"
	"slices"

	"flowdeck/cards/schema"
)

// Set returns v with value at the path. Objects on the way that are not there, or are
// null, are made; a position just behind the end of a list adds to it. The error says
// what is in the way.
func (p Path) Set(v, value any) (any, error) { return p.set(v, value, 0) }

func (p Path) set(v, value any, depth int) (any, error) {
	if depth == len(p.steps) {
		return value, nil
	}
	s := &p.steps[depth]
	switch at := v.(type) {
	case nil:
		return p.made(s, value, depth)
	case map[string]any:
		if s.isIndex {
			break
		}
		below, err := p.set(at[s.name], value, depth+1)
		if err != nil {
			return nil, err
		}
		object := maps.Clone(at)
		if object == nil {
			object = schema.Values{}
		}
		object[s.name] = below
		return object, nil
	case []any:
		i, ok := s.position(len(at))
		if !ok {
			break
		}
		if i > len(at) {
			return nil, fmt.Errorf("position %d of a list of %d cannot be set; the next one is %d", i, len(at), len(at))
		}
		var old any
		if i < len(at) {
			old = at[i]
		}
		below, err := p.set(old, value, depth+1)
		if err != nil {
			return nil, err
		}
		list := slices.Clone(at)
		if i == len(at) {
			return append(list, below), nil
		}
		list[i] = below
		return list, nil
	}
	return nil, p.inTheWay(depth, v)
}

// made is what a path makes where there was nothing: an object, or a list of one.
func (p Path) made(s *step, value any, depth int) (any, error) {
	if s.isIndex && s.index != 0 {
		return nil, fmt.Errorf("position %d cannot be set where there is no list yet; begin with [0]", s.index)
	}
	below, err := p.set(nil, value, depth+1)
	if err != nil {
		return nil, err
	}
	if s.isIndex {
		return []any{below}, nil
	}
	return schema.Values{s.name: below}, nil
}

func (p Path) inTheWay(depth int, v any) error {
	s := p.steps[depth]
	if s.isIndex {
		return fmt.Errorf("[%d] needs a list to stand in, and there is %s", s.index, schema.Describe(v))
	}
	return fmt.Errorf("%q needs an object to stand in, and there is %s", s.name, schema.Describe(v))
}

// Remove returns v without what stands at the path. Where nothing does, v stays as it is.
func (p Path) Remove(v any) any {
	if _, there := p.Get(v); !there || p.Empty() {
		return v
	}
	return p.remove(v, 0)
}

func (p Path) remove(v any, depth int) any {
	s, last := &p.steps[depth], depth == len(p.steps)-1
	switch at := v.(type) {
	case map[string]any:
		object := maps.Clone(at)
		if last {
			delete(object, s.name)
		} else {
			object[s.name] = p.remove(at[s.name], depth+1)
		}
		return object
	case []any:
		i, _ := s.position(len(at))
		if last {
			return slices.Concat(at[:i], at[i+1:])
		}
		list := slices.Clone(at)
		list[i] = p.remove(at[i], depth+1)
		return list
	}
	return v
}
