package flows

import (
	"cmp"
	"maps"
	"slices"
)

// eachStep calls f with the trigger, if there is one, and every step;
// blocks come sorted by name. f may change the step.
func eachStep(doc *Document, f func(*Step)) {
	if doc.Trigger.ID != "" || doc.Trigger.Card != "" {
		f(&doc.Trigger)
	}
	eachInChain(doc.Chain, f)
}

func eachInChain(chain []Step, f func(*Step)) {
	for i := range chain {
		f(&chain[i])
		for _, name := range sortedKeys(chain[i].Blocks) {
			eachInChain(chain[i].Blocks[name].Chain, f)
		}
	}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	if len(m) == 0 {
		return nil
	}
	list := make([]K, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// clone returns a document whose steps can be changed; the values in their
// inputs are shared and may not be.
func (d Document) clone() Document {
	d.Trigger = d.Trigger.clone()
	d.Chain = cloneChain(d.Chain)
	return d
}

func cloneChain(chain []Step) []Step {
	if chain == nil {
		return nil
	}
	list := make([]Step, len(chain))
	for i, s := range chain {
		list[i] = s.clone()
	}
	return list
}

func (s Step) clone() Step {
	s.Inputs = maps.Clone(s.Inputs)
	s.Order = maps.Clone(s.Order)
	s.Outputs = slices.Clone(s.Outputs)
	s.Policy.Retry = slices.Clone(s.Policy.Retry)
	s.Blocks = maps.Clone(s.Blocks)
	for name, b := range s.Blocks {
		b.Chain, b.Result = cloneChain(b.Chain), maps.Clone(b.Result)
		s.Blocks[name] = b
	}
	return s
}

// EachStep returns a copy of the document of which f may change every step: the trigger,
// if there is one, first.
func (d Document) EachStep(f func(*Step)) Document {
	d = d.clone()
	eachStep(&d, f)
	return d
}
