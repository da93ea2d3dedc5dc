package flows

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards"
)

// Diff is how one document differs from an earlier one, by step.
type Diff struct {
	Steps  []StepDiff  // that differ, in the order of the later document; what was removed stands where it stood
	Fields []FieldDiff // of the documents themselves
}

// StepDiff is how one step differs.
type StepDiff struct {
	ID      string
	Added   bool
	Removed bool
	Moved   bool        // to another chain, or to another place in its own
	Fields  []FieldDiff // of a step that both documents have
}

// FieldDiff is one value that differs. Path is "title", "inputs.url", "policy.timeout",
// `outputs.body\.email` or "blocks.then.id". Was and Is say which side has it at all.
type FieldDiff struct {
	Path          string
	Before, After any
	Was, Is       bool
}

// Compare lists what is different in after, in the order that the builder draws. It
// compares what is stored, so that nothing which can be published differs unseen.
func Compare(before, after Document, reg *cards.Registry) Diff {
	x := comparison{was: spotsOf(before, reg), is: spotsOf(after, reg)}
	x.settle()
	d := Diff{Fields: differences(bare(before), bare(after))}
	was := x.was.order
	for _, id := range x.is.order {
		was = x.gone(&d, was, id)
		s := StepDiff{ID: id, Moved: x.moved[id]}
		old, had := x.was.steps[id]
		if s.Added = !had; had && !reflect.DeepEqual(old.step, x.is.steps[id].step) {
			s.Fields = stepDifferences(old.step, x.is.steps[id].step)
		}
		if s.Added || s.Moved || len(s.Fields) > 0 {
			d.Steps = append(d.Steps, s)
		}
	}
	x.gone(&d, was, "")
	return d
}

// Empty reports whether nothing differs.
func (d Diff) Empty() bool { return len(d.Steps) == 0 && len(d.Fields) == 0 }

// Summary is the difference in a line: "2 cards added, 1 changed".
func (d Diff) Summary() string {
	var added, removed, moved, changed int
	for _, s := range d.Steps {
		switch {
		case s.Added:
			added++
		case s.Removed:
			removed++
		case len(s.Fields) > 0:
			changed++
		default:
			moved++
		}
	}
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{added, "added"}, {removed, "removed"}, {changed, "changed"}, {moved, "moved"}} {
		if p.n == 0 {
			continue
		}
		text := strconv.Itoa(p.n) + " " + p.word
		if len(parts) == 0 {
			text = strconv.Itoa(p.n) + " card " + p.word
			if p.n > 1 {
				text = strconv.Itoa(p.n) + " cards " + p.word
			}
		}
		parts = append(parts, text)
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ")
	case len(d.Fields) > 0:
		return "settings of the flow changed"
	}
	return "nothing changed"
}

// spots are the steps of a document and where they stand.
type spots struct {
	reg    *cards.Registry
	order  []string // ids in drawn order
	steps  map[string]spotted
	chains map[string][]string // ids by the name of their chain
}

type spotted struct {
	step  *Step
	chain string
}

// triggerChain is the chain that the trigger stands in, alone.
const triggerChain = "/"

// spotsOf finds them; without a registry blocks come by their names.
func spotsOf(d Document, reg *cards.Registry) spots {
	s := spots{reg: reg, steps: map[string]spotted{}, chains: map[string][]string{}}
	if d.Trigger.ID != "" || d.Trigger.Card != "" {
		s.add(triggerChain, []Step{d.Trigger})
	}
	s.add("", d.Chain)
	return s
}

func (s *spots) add(name string, chain []Step) {
	for i := range chain {
		id := chain[i].ID
		s.order = append(s.order, id)
		s.steps[id] = spotted{&chain[i], name}
		s.chains[name] = append(s.chains[name], id)
		for _, b := range s.blocks(&chain[i]) {
			s.add(id+"/"+b, chain[i].Blocks[b].Chain)
		}
	}
}

// blocks are the names of those that the step has, in drawn order.
func (s *spots) blocks(step *Step) []string {
	if s.reg == nil || len(step.Blocks) == 0 {
		return sortedKeys(step.Blocks)
	}
	card, _ := s.reg.Card(step.Card)
	var names []string
	for _, l := range Lanes(step, card) {
		if _, has := step.Blocks[l.Name]; has {
			names = append(names, l.Name)
		}
	}
	return names
}

type comparison struct {
	was, is spots
	moved   map[string]bool
}

// settle finds the steps that moved: those in another chain, and as few as can
// explain the new order of those that stayed in theirs.
func (x *comparison) settle() {
	x.moved = map[string]bool{}
	for name, ids := range x.is.chains {
		places := map[string]int{}
		for i, id := range x.was.chains[name] {
			places[id] = i
		}
		var stayed []string
		for _, id := range ids {
			old, had := x.was.steps[id]
			if had && old.chain == name {
				stayed = append(stayed, id)
			} else if had {
				x.moved[id] = true
			}
		}
		kept := increasing(stayed, places)
		for _, id := range stayed {
			if !kept[id] {
				x.moved[id] = true
			}
		}
	}
}

// increasing returns a longest part of ids whose places rise.
func increasing(ids []string, place map[string]int) map[string]bool {
	ends, before := []int{}, make([]int, len(ids)) // ends[n]: index of the lowest end of a row of n+1
	for i, id := range ids {
		n, _ := slices.BinarySearchFunc(ends, place[id], func(e, p int) int { return place[ids[e]] - p })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	kept := map[string]bool{}
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			kept[ids[i]] = true
		}
	}
	return kept
}

// gone adds the steps that were removed and stood before next, and returns what
// is left of was.
func (x *comparison) gone(d *Diff, was []string, next string) []string {
	if _, had := x.was.steps[next]; !had && next != "" {
		return was
	}
	at := slices.Index(was, next)
	if at < 0 && next != "" {
		return was // it moved to before what has been passed
	}
	if at < 0 {
		at = len(was)
	}
	for _, id := range was[:at] {
		if _, has := x.is.steps[id]; !has {
			d.Steps = append(d.Steps, StepDiff{ID: id, Removed: true})
		}
	}
	return was[at:]
}
