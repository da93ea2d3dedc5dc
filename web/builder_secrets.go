package web

import (
	"maps"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/views"
)

// chosenSecret reports whether a field is filled by choosing one of the secrets there
// are: nothing stands before a trigger that it could take one from.
func chosenSecret(x drawn, f schema.Field) bool { return f.Secret && x.card.Kind == cards.Event }

// secretOptions are the secrets that flows can use, and the one that was chosen.
func (d *drawing) secretOptions(chosen string) []views.OptionModel {
	list := []views.OptionModel{{Value: "", Label: "Choose a secret"}}
	found := chosen == ""
	for _, name := range slices.Sorted(maps.Keys(d.secrets)) {
		value := "{{ secrets." + name + " }}"
		found = found || chosen == value
		list = append(list, views.OptionModel{Value: value, Label: name})
	}
	if !found {
		list = append(list, views.OptionModel{Value: chosen, Label: chosen})
	}
	return list
}
