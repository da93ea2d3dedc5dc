package flows

import (
	"slices"
	"strconv"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// BlockOnError is the block that a step has beside those of its card, when its policy
// is to go to it after a failure.
const BlockOnError = "on_error"

// OnCatch is the policy of a step that goes to its block on_error.
const OnCatch = "catch"

var onError = cards.BlockSpec{Name: BlockOnError, Title: "If it fails", Inside: cards.Caught, After: true}

// Lane is a block that a step has, whether or not anything is in it.
type Lane struct {
	Name  string // stored: "then", or the key of an item
	Title string
	Known bool // by the card; what is in others cannot run
	Spec  cards.BlockSpec
	Item  int // in the input Spec.From; -1 of other blocks
}

// Lanes lists the blocks of a step: those of its card in their order, one per item
// where an input says so, then that of its policy, then those that nothing knows.
func Lanes(s *Step, card cards.Card) []Lane {
	var list []Lane
	for _, spec := range card.Blocks {
		if spec.From == "" {
			list = append(list, Lane{Name: spec.Name, Title: spec.Title, Known: true, Spec: spec, Item: -1})
			continue
		}
		for i, item := range listOf(s.Inputs[spec.From]) {
			list = append(list, itemLane(spec, i, item))
		}
	}
	if s.Policy.OnError == OnCatch {
		list = append(list, Lane{Name: BlockOnError, Title: onError.Title, Known: true, Spec: onError, Item: -1})
	}
	known := len(list)
	for name := range s.Blocks {
		if !slices.ContainsFunc(list[:known], func(l Lane) bool { return l.Name == name }) {
			title := name
			if name == BlockOnError {
				title = onError.Title
			}
			list = append(list, Lane{Name: name, Title: title, Item: -1})
		}
	}
	slices.SortFunc(list[known:], func(a, b Lane) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return list
}

func listOf(v any) []any { l, _ := v.([]any); return l }

// itemLane is the block that an item of an input declares.
func itemLane(spec cards.BlockSpec, i int, item any) Lane {
	object, _ := item.(map[string]any)
	l := Lane{Title: spec.Title, Known: true, Spec: spec, Item: i}
	l.Name, _ = object["key"].(string)
	if i > 0 && spec.More != "" {
		l.Title = spec.More
	}
	if title, _ := object["title"].(string); title != "" {
		l.Title += ": " + title
	} else if spec.All {
		l.Title += " " + strconv.Itoa(i+1)
	}
	return l
}

// laneOf returns the block that an input's items declare, if they do.
func laneOf(card cards.Card, input string) (cards.BlockSpec, bool) {
	i := slices.IndexFunc(card.Blocks, func(b cards.BlockSpec) bool { return b.From == input && input != "" })
	if i < 0 {
		return cards.BlockSpec{}, false
	}
	return card.Blocks[i], true
}

// newKey returns a key that no item and no block of the step has: "branch", "branch_2".
func newKey(s *Step, spec cards.BlockSpec) string {
	taken := func(key string) bool {
		_, has := s.Blocks[key]
		return has || slices.ContainsFunc(listOf(s.Inputs[spec.From]), func(item any) bool {
			object, _ := item.(map[string]any)
			return object["key"] == key
		})
	}
	key := spec.Name
	for n := 2; taken(key); n++ {
		key = spec.Name + "_" + strconv.Itoa(n)
	}
	return key
}

// newLane gives an item that declares a block a key of its own.
func newLane(s *Step, spec cards.BlockSpec, item any) any {
	object, isObject := item.(map[string]any)
	if !isObject {
		return item
	}
	if key, _ := object["key"].(string); key != "" {
		return item
	}
	keyed := make(map[string]any, len(object)+1)
	for k, v := range object {
		keyed[k] = v
	}
	keyed["key"] = newKey(s, spec)
	return keyed
}

// furnish gives a new step the blocks that its card begins with.
func (s *Step) furnish(card cards.Card) {
	for _, spec := range card.Blocks {
		f, ok := card.Inputs.Field(spec.From)
		if !ok {
			continue
		}
		list := slices.Clone(listOf(s.Inputs[spec.From]))
		for len(list) < max(spec.Least, 1) {
			list = append(list, map[string]any(defaults(f.Members)))
		}
		if s.Inputs == nil {
			s.Inputs = schema.Values{}
		}
		for i := range list {
			s.Inputs[spec.From] = list
			list[i] = newLane(s, spec, list[i])
		}
		s.Inputs[spec.From] = list
	}
}

// inside lists what the card offers to the cards in one of its blocks.
func (p *placed) inside(block string) []schema.Field {
	for _, b := range p.blocks {
		if b.name == block {
			return p.insideOf(b.spec)
		}
	}
	return nil
}

func (p *placed) insideOf(spec cards.BlockSpec) []schema.Field {
	fields := slices.Clone(spec.Inside.Fields)
	if spec.InsideFrom != "" {
		for _, f := range p.fieldsFrom(spec.InsideFrom) {
			f.Type = schema.Any // a round may make another one of it
			fields = add(fields, f)
		}
	}
	return fields
}

// Inside returns, for each block of each step that has some, what the card offers to
// the cards in the block.
func Inside(doc Document, reg *cards.Registry) map[string]map[string][]OutputInfo {
	return newOutline(&doc, reg).inside()
}

func (o *outline) inside() map[string]map[string][]OutputInfo {
	all := map[string]map[string][]OutputInfo{}
	for id, p := range o.byID {
		for _, b := range p.blocks {
			for _, f := range p.insideOf(b.spec) {
				if all[id] == nil {
					all[id] = map[string][]OutputInfo{}
				}
				all[id][b.name] = append(all[id][b.name], members("", f, 0)...)
			}
		}
	}
	return all
}
