package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// A long flow is drawn light: of most cards what is read and not what is filled
// in. The browser asks for the forms of those that come near, and names those it
// has with every edit.
const (
	shortFlow  = 25  // cards that are all drawn whole
	firstWhole = 8   // cards at the start of a long flow that are
	mostWhole  = 250 // cards drawn whole in one answer
)

// wholeCards are the cards of a document to be drawn with their forms: those, the
// trigger, and at first the ones at the start; nil for all of a short flow.
func wholeCards(doc flows.Document, these []string) map[string]bool {
	all := doc.All()
	if len(all) <= shortFlow {
		return nil
	}
	whole := map[string]bool{doc.Trigger.ID: true}
	for _, id := range these {
		if id != "" && len(whole) < mostWhole {
			whole[id] = true
		}
	}
	if len(whole) == 1 {
		for _, s := range all[:firstWhole] {
			whole[s.ID] = true
		}
	}
	return whole
}

// shown are the cards that the browser has with their forms.
func shown(c echo.Context) []string { return strings.Fields(c.FormValue("whole")) }

func (d *drawing) light(id string) bool { return d.whole != nil && !d.whole[id] }

// lighten gives a card drawn without its form what others need to know of it.
func (d *drawing) lighten(m *views.BuilderCard, x drawn) {
	m.Light = true
	var rows [][5]string
	for _, o := range d.cardOutputs(x) {
		rows = append(rows, [5]string{o.Ref, o.Label, o.Type, o.Sample, strconv.Itoa(o.Depth)})
	}
	if rows != nil {
		raw, _ := json.Marshal(rows) // strings always marshal
		m.Outs = string(raw)
	}
	m.More = d.shape(x.step.ID) != nil
}

// showCards answers with the forms of cards that come into view.
func (s *Server) showCards(c echo.Context) error {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	d, err := s.drawing(c, flow, "")
	if err != nil {
		return err
	}
	var list []views.BuilderCard
	for _, id := range shown(c) {
		if _, ok := d.steps[id]; !ok || d.light(id) {
			continue // gone since, or more than one answer takes
		}
		card := d.card(id)
		for i := range card.Lanes {
			leave(card.Lanes[i].Chain.Cards)
		}
		list = append(list, card)
	}
	c.Response().Header().Set("FD-Rev", strconv.FormatInt(flow.Revision, 10))
	return render(c, http.StatusOK, views.BuilderCards(list))
}

// leave marks cards as ones that the browser keeps as they are.
func leave(cards []views.BuilderCard) {
	for i := range cards {
		cards[i].Same = true
	}
}

// numbered is every step with its number, in one line.
func (d *drawing) numbered() string {
	var b strings.Builder
	for _, s := range d.flow.Draft.All() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.ID + ":" + d.numbers[s.ID])
	}
	return b.String()
}

// condition is the first row of what a card decides by, in a line.
func (d *drawing) condition(x drawn) []views.Segment {
	for _, f := range x.card.Inputs.Fields {
		if fieldKind(x, f, x.step.Inputs[f.Name]) != views.FieldConditions {
			continue
		}
		items, _ := x.step.Inputs[f.Name].([]any)
		if len(items) == 0 {
			return nil
		}
		row, _ := items[0].(map[string]any)
		said := d.segments(x, literal(row["left"]))
		said = append(said, views.Segment{Text: operatorWords(f, literal(row["operator"]))})
		if !unary(row["operator"]) {
			said = append(said, d.segments(x, firstLine(literal(row["right"])))...)
		}
		if n := len(items) - 1; n > 0 {
			said = append(said, views.Segment{Text: "and " + strconv.Itoa(n) + " more"})
		}
		return said
	}
	return nil
}

// operatorWords is a comparison as its field shows it.
func operatorWords(f schema.Field, operator string) string {
	by, _ := f.Members.Field("operator")
	for _, o := range by.Options {
		if o.Value == operator {
			return o.Label
		}
	}
	return operator
}
