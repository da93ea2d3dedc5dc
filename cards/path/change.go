package path

import (
	"fmt"
	"slices"

	"flowdeck/cards/schema"
)

// Set returns v with value at the path. Objects on the way that are not there, or are
// null, are made; a position just behind the end of a list adds to it. The error says
// what is in the way.
func (p Path) Set(v, value any) (any, error) { return p.set(v, value, 0, nil) }

func (p Path) set(v, value any, depth int, own owned) (any, error) {
	if depth == len(p.steps) {
		return value, nil
	}
	s := &p.steps[depth]
	switch at := v.(type) {
	case nil:
		return p.made(s, value, depth, own)
	case map[string]any:
		if s.isIndex {
			break
		}
		below, err := p.set(at[s.name], value, depth+1, own)
		if err != nil {
			return nil, err
		}
		object := own.object(at)
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
		below, err := p.set(old, value, depth+1, own)
		if err != nil {
			return nil, err
		}
		list := own.list(at)
		if i == len(at) {
			return own.keepList(append(list, below)), nil
		}
		list[i] = below
		return list, nil
	}
	return nil, p.inTheWay(depth, v)
}

// made is what a path makes where there was nothing: an object, or a list of one.
func (p Path) made(s *step, value any, depth int, own owned) (any, error) {
	if s.isIndex && s.index != 0 {
		return nil, fmt.Errorf("position %d cannot be set where there is no list yet; begin with [0]", s.index)
	}
	below, err := p.set(nil, value, depth+1, own)
	if err != nil {
		return nil, err
	}
	if s.isIndex {
		return own.keepList([]any{below}), nil
	}
	return own.keepObject(schema.Values{s.name: below}), nil
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
	return p.remove(v, 0, nil)
}

func (p Path) remove(v any, depth int, own owned) any {
	s, last := &p.steps[depth], depth == len(p.steps)-1
	switch at := v.(type) {
	case map[string]any:
		object := own.object(at)
		if last {
			delete(object, s.name)
		} else {
			object[s.name] = p.remove(at[s.name], depth+1, own)
		}
		return object
	case []any:
		i, _ := s.position(len(at))
		if last {
			return slices.Delete(own.list(at), i, i+1)
		}
		list := own.list(at)
		list[i] = p.remove(at[i], depth+1, own)
		return list
	}
	return v
}
