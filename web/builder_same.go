package web

import (
	"reflect"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

// drawChange draws a flow whose draft was before until now, for a browser that
// shows that: cards that look the same are named and not drawn again. Touched
// are the cards that must be drawn however they look, because what was typed
// into them may differ from what was kept.
func (s *Server) drawChange(c echo.Context, flow flows.Flow, before flows.Document, fresh string, touched ...string) (views.BuilderPage, error) {
	d, err := s.drawing(c, flow, fresh)
	if err != nil {
		return views.BuilderPage{}, err
	}
	page, err := s.framed(c, d)
	if err != nil {
		return page, err
	}
	was := d.of(before)
	known := map[string]views.BuilderCard{}
	collect(known, was.chain("", before.Chain).Cards)
	if before.Trigger.Card != "" {
		known[before.Trigger.ID] = was.card(before.Trigger.ID)
	}
	for _, id := range append(touched, fresh) {
		delete(known, id)
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
	other.outline()
	other.checkConnections()
	other.checkChoices()
	return &other
}

func collect(into map[string]views.BuilderCard, cards []views.BuilderCard) {
	for _, c := range cards {
		into[c.ID] = c
		for _, l := range c.Lanes {
			collect(into, l.Chain.Cards)
		}
	}
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
