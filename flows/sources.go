package flows

import "iter"

// Sources are the steps whose outputs may be used at a place, nearest first. What is seen
// from a step before it as well is shared with that one: a long flow has a list for every
// step, and nearly all of each is in the next one too. A nil Sources has none.
type Sources struct {
	own  []Source
	rest *Sources
}

// All are all of them.
func (s *Sources) All() iter.Seq[Source] {
	return func(yield func(Source) bool) {
		for ; s != nil; s = s.rest {
			for _, x := range s.own {
				if !yield(x) {
					return
				}
			}
		}
	}
}

// Beyond returns those before the ones that rest has; ok is false when they do not end
// with the very ones that rest has.
func (s *Sources) Beyond(rest *Sources) (list []Source, ok bool) {
	for ; s != rest; s = s.rest {
		if s == nil {
			return nil, false
		}
		list = append(list, s.own...)
	}
	return list, true
}

// allVisible is AllVisible. From a step the same is seen as from the one before it, or
// the one around it, and perhaps what stands between the two.
func (o *outline) allVisible() map[string]*Sources {
	all := make(map[string]*Sources, 2*len(o.byID))
	var walk func(chain []*placed, before *Sources, from int) (*Sources, int)
	walk = func(chain []*placed, before *Sources, from int) (*Sources, int) {
		for _, p := range chain {
			before, from = o.more(p.spot(), from, before), p.order
			if o.byID[p.ID] == p {
				all[p.ID] = before
			}
			for _, b := range p.blocks {
				last, at := walk(b.chain, before, from)
				all[p.ID+"/"+b.name] = o.more(p.end(b), at, last)
			}
		}
		return before, from
	}
	if o.trigger != nil {
		walk([]*placed{o.trigger}, nil, 0)
	}
	walk(o.chain, nil, 0)
	return all
}

// more is what is seen from a place: rest, and what stands there from an order on.
func (o *outline) more(at spot, from int, rest *Sources) *Sources {
	var own []Source
	for i := min(at.order, len(o.steps)) - 1; i >= from; i-- {
		if s, ok := o.source(at, o.steps[i]); ok {
			own = append(own, s)
		}
	}
	if own == nil {
		return rest
	}
	return &Sources{own, rest}
}
