package web

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"flowdeck/flows"
	"flowdeck/views"
)

// stay reports whether a browser that shows one document can be told of the other
// by what went, what came and what looks different: the steps that both have
// stand in the same chains, in the same order.
func stay(a, b flows.Document) bool {
	if a.Trigger.ID != b.Trigger.ID || a.Trigger.Card == "" || b.Trigger.Card == "" || len(a.All()) > shortFlow != (len(b.All()) > shortFlow) {
		return false
	}
	was, is := places(a), places(b)
	return slices.EqualFunc(shared(a, is), shared(b, was), func(x, y flows.Step) bool {
		return x.ID == y.ID && x.Card == y.Card && was[x.ID] == is[x.ID]
	})
}

// shared are the steps of a document that also have a place in another.
func shared(doc flows.Document, other map[string]string) []flows.Step {
	return slices.DeleteFunc(doc.All(), func(s flows.Step) bool { return !has(other, s.ID) })
}

// places says of every step in which chain it stands, as "step/block".
func places(doc flows.Document) map[string]string {
	at := map[string]string{doc.Trigger.ID: ""}
	var chain func(in string, steps []flows.Step)
	chain = func(in string, steps []flows.Step) {
		for _, s := range steps {
			at[s.ID] = in
			for name, b := range s.Blocks {
				chain(s.ID+"/"+name, b.Chain)
			}
		}
	}
	chain("", doc.Chain)
	return at
}

// patching collects what a browser has to change on a page whose steps stay.
type patching struct {
	was   map[string]string            // places before
	held  map[string]bool              // chains that had steps
	known map[string]views.BuilderCard // how cards looked; those to be drawn however they look are missing
	list  []views.Patch
}

// patchesOf are the steps that are gone, those that came and those that look
// different, outermost first. The cards inside of one that itself looks the same
// stand for themselves.
func patchesOf(page views.BuilderPage, before, next flows.Document, known map[string]views.BuilderCard) []views.Patch {
	p := &patching{was: places(before), held: map[string]bool{}, known: known}
	is := places(next)
	for _, step := range before.All() {
		in := p.was[step.ID]
		p.held[in] = true
		around, _, inside := strings.Cut(in, "/")
		if !has(is, step.ID) && (!inside || has(is, around)) {
			p.list = append(p.list, views.Patch{Target: "#step-" + step.ID, Swap: "delete"})
		}
	}
	p.chain("", append([]views.BuilderCard{*page.Trigger}, page.Chain.Cards...))
	return p.list
}

func has(places map[string]string, id string) bool {
	_, ok := places[id]
	return ok
}

// chain goes through the cards of a chain that stands after an element.
func (p *patching) chain(after string, cards []views.BuilderCard) {
	var came []views.BuilderCard
	flush := func() {
		if came != nil {
			p.list = append(p.list, views.Patch{Target: after, Swap: "afterend", Cards: came})
		}
		came = nil
	}
	for _, c := range cards {
		if !has(p.was, c.ID) {
			came = append(came, c)
			continue
		}
		flush()
		after = "#step-" + c.ID
		p.card(c)
	}
	flush()
}

func (p *patching) card(c views.BuilderCard) {
	if was, ok := p.known[c.ID]; !ok || c.Failing || !p.lanesStay(c) || !reflect.DeepEqual(shell(c), shell(was)) {
		for _, l := range c.Lanes {
			markSame(l.Chain.Cards, p.known)
		}
		p.list = append(p.list, views.Patch{Target: "#step-" + c.ID, Swap: "outerMorph", Cards: []views.BuilderCard{c}})
		return
	}
	for _, l := range c.Lanes {
		p.chain("#lead-"+c.ID+"-"+l.Name, l.Chain.Cards)
	}
}

// plainName is a name that can be part of a selector as it is.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// lanesStay reports whether each lane has its list of steps, or has none, as before.
func (p *patching) lanesStay(c views.BuilderCard) bool {
	for _, l := range c.Lanes {
		if p.held[c.ID+"/"+l.Name] != (len(l.Chain.Cards) > 0) || !plainName.MatchString(l.Name) {
			return false
		}
	}
	return true
}

// shell is a card without the cards inside of it.
func shell(c views.BuilderCard) views.BuilderCard {
	lanes := make([]views.Lane, len(c.Lanes))
	for i, l := range c.Lanes {
		l.Chain.Cards = nil
		lanes[i] = l
	}
	c.Lanes = lanes
	return c
}
