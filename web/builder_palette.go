package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/views"
)

func paletteItem(c cards.Card) views.PaletteItem {
	return views.PaletteItem{Card: c.Name, Title: c.Title, Summary: c.Summary, Icon: c.Icon, Hue: string(c.Family), Keywords: strings.Join(c.Keywords, " ")}
}

// starts are the cards that a flow can begin with.
func (d *drawing) starts() []views.PaletteItem {
	var list []views.PaletteItem
	for _, c := range d.server.Cards.All() {
		if c.Kind == cards.Event {
			list = append(list, paletteItem(c))
		}
	}
	return list
}

// wraps are the cards that others can be put into, the usual ones first.
func (d *drawing) wraps() []views.PaletteItem {
	var first, rest []views.PaletteItem
	for _, c := range d.server.Cards.All() {
		switch {
		case len(c.Blocks) == 0:
		case c.Name == "control.try" || c.Name == "control.each" || c.Name == "control.if":
			first = append(first, paletteItem(c))
		default:
			rest = append(rest, paletteItem(c))
		}
	}
	return append(first, rest...)
}

// palette is every card that can be added, in the catalogue's order, after the
// few that usually come next.
func (d *drawing) palette() []views.PaletteGroup {
	groups := []views.PaletteGroup{{Title: "Suggested next", Items: d.suggested()}}
	place := map[string]int{}
	for _, c := range d.server.Cards.All() {
		if c.Kind == cards.Event {
			continue
		}
		i, ok := place[c.Category]
		if !ok {
			i = len(groups)
			place[c.Category] = i
			groups = append(groups, views.PaletteGroup{Title: c.Category})
		}
		groups[i].Items = append(groups[i].Items, paletteItem(c))
	}
	return append(groups, views.PaletteGroup{Title: "Import", Items: []views.PaletteItem{{Card: opCurl, Title: "Import cURL", Icon: "terminal", Hue: string(cards.FamilyHTTP),
		Summary: "Makes a card of a curl command.", Keywords: "paste command copy as curl shell api request"}}})
}

func (d *drawing) suggested() []views.PaletteItem {
	names := []string{"http.get", "control.if", "text.compose"}
	if len(d.flow.Draft.Chain) > 0 {
		names = []string{"http.post", "control.if", "control.return"}
	}
	if d.flow.Draft.Trigger.Card == "event.endpoint" {
		names[2] = "http.close"
	}
	var list []views.PaletteItem
	for _, name := range names {
		if c, ok := d.server.Cards.Card(name); ok {
			list = append(list, paletteItem(c))
		}
	}
	return list
}

// flowMenu is the menu under the status button.
func flowMenu(f flows.Flow) []views.MenuItemModel {
	url := "/flows/" + f.ID
	items := []views.MenuItemModel{}
	if f.Version > 0 {
		label, icon, to := "Turn on", "power", "true"
		if f.On {
			label, icon, to = "Turn off", "power-off", "false"
		}
		items = append(items, views.MenuItemModel{Label: label, Icon: icon,
			Attrs: templ.Attributes{"hx-post": url + "/switch", "hx-vals": `{"on":"` + to + `"}`, "hx-target": "#canvas-world", "hx-swap": "outerMorph"}})
	}
	if f.Version > 0 && f.Changed {
		items = append(items, views.MenuItemModel{Label: "Discard changes, back to v" + strconv.FormatInt(f.Version, 10), Icon: "rotate-ccw",
			Attrs: templ.Attributes{"hx-post": url + "/revert", "hx-include": "#flow-rev", "hx-target": "#canvas-world", "hx-swap": "outerMorph"}})
	}
	if f.Versions > 0 {
		items = append(items, views.MenuItemModel{Label: "Versions", Icon: "layers", Href: url + "/versions"})
	}
	return append(items,
		views.MenuItemModel{Label: settingsName(f.Draft.Trigger.Card), Icon: "settings",
			Attrs: templ.Attributes{"hx-get": url + "/endpoint", "hx-target": "#dialogs", "hx-swap": "innerHTML"}},
		views.MenuItemModel{Label: "Runs", Icon: "history", Href: url + "/runs"},
		views.MenuItemModel{Label: "Tests", Icon: "check-check", Href: url + "/tests"},
		views.MenuItemModel{Label: "Export as JSON", Icon: "download", Href: url + "/export"})
}
