package web

import (
	"maps"
	"reflect"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

// drawChange draws a flow whose draft was before until now, for a browser that
// shows that: only what looks different is drawn again. Touched are the cards
// that must be drawn however they look, because what was typed into them may
// differ from what was kept.
func (s *Server) drawChange(c echo.Context, flow flows.Flow, before flows.Document, fresh string, touched ...string) (views.BuilderPage, error) {
	inPlace := alike(before, flow.Draft)
	if inPlace {
		s.studies.like(flow.ID, before, flow.Draft, s.Cards)
	}
	d, err := s.drawing(c, flow, fresh)
	if err != nil {
		return views.BuilderPage{}, err
	}
	page, err := s.framed(c, d)
	if err != nil {
		return page, err
	}
	was := d.was(before)
	known := map[string]views.BuilderCard{}
	collect(known, was.chain("", before.Chain).Cards)
	if before.Trigger.Card != "" {
		trigger := was.card(before.Trigger.ID)
		trigger.Last = len(before.Chain) == 0
		known[trigger.ID] = trigger
	}
	for _, id := range append(touched, fresh) {
		delete(known, id)
	}
	if inPlace || stay(before, flow.Draft) {
		page.Patch, page.Patches = true, patchesOf(page, before, flow.Draft, known)
		if inPlace {
			page.Numbers = "" // they are as they were
		}
		return page, nil
	}
	if page.Trigger != nil {
		page.Trigger.Same = same(*page.Trigger, known)
	}
	markSame(page.Chain.Cards, known)
	return page, nil
}

// of is the drawing of another document of the same flow, from what is loaded.
func (d *drawing) of(doc flows.Document) *drawing {
	other := *d
	other.flow.Draft = doc
	other.study(d.server.studies.of(d.flow.ID, doc, d.server.Cards, nil))
	other.checkConnections()
	other.checkChoices()
	other.useTables()
	other.checkVariables()
	return &other
}

// was is the drawing of the document before this one. Steps have their numbers of
// now: that those change is no reason to draw again.
func (d *drawing) was(doc flows.Document) *drawing {
	before := d.of(doc)
	before.numbers = maps.Clone(before.numbers)
	maps.Copy(before.numbers, d.numbers)
	return before
}

func collect(into map[string]views.BuilderCard, cards []views.BuilderCard) {
	for _, c := range cards {
		into[c.ID] = c
		for _, l := range c.Lanes {
			collect(into, l.Chain.Cards)
		}
	}
}

// alike reports whether two documents have the same steps in the same places, on and off alike.
func alike(a, b flows.Document) bool {
	return a.Trigger.ID == b.Trigger.ID && b.Trigger.Card != "" && a.Trigger.Card != "" && alikeChains(a.Chain, b.Chain)
}

func alikeChains(a, b []flows.Step) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].ID != b[i].ID || a[i].Card != b[i].Card || a[i].Off != b[i].Off {
			return false
		}
		for name, block := range a[i].Blocks {
			if !alikeChains(block.Chain, b[i].Blocks[name].Chain) {
				return false
			}
		}
		for name, block := range b[i].Blocks {
			if _, ok := a[i].Blocks[name]; !ok && len(block.Chain) > 0 {
				return false
			}
		}
	}
	return true
}

func markSame(cards []views.BuilderCard, known map[string]views.BuilderCard) {
	for i := range cards {
		if cards[i].Same = same(cards[i], known); cards[i].Same {
			continue
		}
		for _, l := range cards[i].Lanes {
			markSame(l.Chain.Cards, known)
		}
	}
}

// same reports whether a card and all that is inside of it look as they did. One
// with problems never does: a card that was just added hides some of them.
func same(c views.BuilderCard, known map[string]views.BuilderCard) bool {
	was, ok := known[c.ID]
	return ok && sound(c) && intact(c, known) && reflect.DeepEqual(c, was)
}

func sound(c views.BuilderCard) bool {
	if c.Failing {
		return false
	}
	for _, l := range c.Lanes {
		for _, inner := range l.Chain.Cards {
			if !sound(inner) {
				return false
			}
		}
	}
	return true
}

// intact reports whether no card inside of c is to be drawn whatever it looks like.
func intact(c views.BuilderCard, known map[string]views.BuilderCard) bool {
	for _, l := range c.Lanes {
		for _, inner := range l.Chain.Cards {
			if _, ok := known[inner.ID]; !ok || !intact(inner, known) {
				return false
			}
		}
	}
	return true
}
