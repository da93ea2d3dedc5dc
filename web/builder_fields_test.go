package web

import (
	"testing"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

func TestAnObjectThatIsUsuallyDroppedHasABoxForIt(t *testing.T) {
	for _, c := range []struct {
		card, field string
		want        views.FieldKind
	}{
		{"object.merge", "object", views.FieldJSON}, {"object.get", "object", views.FieldJSON}, {"xml.build", "value", views.FieldJSON},
		{"object.construct", "fields", views.FieldKeyValue}, {"http.get", "query", views.FieldKeyValue}, {"object.get_multiple", "fields", views.FieldRows},
	} {
		card, _ := all.Registry().Card(c.card)
		field, there := card.Inputs.Field(c.field)
		if got := fieldKind(drawn{card: card, step: flows.Step{}}, field, schema.Values{"a": "b"}); !there || got != c.want {
			t.Errorf("%s of %s is drawn as %s, want %s", c.field, c.card, got, c.want)
		}
	}
}
