package web

import (
	"cmp"
	"maps"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/views"
)

// begunFrom is the service that a draft was begun from, and what was told of it.
type begunFrom struct {
	preset  connectors.Preset // its Name is "" when there is none
	answers map[string]string // by the names of its blanks
}

// begunFromOf reads which preset the posted form was begun from. One of another
// type is forgotten: somebody chose that type since.
func begunFromOf(c echo.Context, kind string) begunFrom {
	p, ok := connectors.PresetNamed(c.FormValue("preset"))
	if !ok || p.Type != kind {
		return begunFrom{}
	}
	b := begunFrom{preset: p, answers: map[string]string{}}
	for _, x := range p.Ask {
		b.answers[x.Name] = c.FormValue("ask." + x.Name)
	}
	return b
}

// settle puts the answers into what will be stored; what people see stays as it is,
// so that they may answer again.
func (d *connectionDraft) settle() {
	fill, problems := d.from.preset.Replacer(d.from.answers)
	d.problems = append(d.problems, problems...)
	d.settings = d.filled
	if len(d.from.preset.Ask) > 0 {
		d.settings = maps.Clone(d.filled)
		for name := range d.from.preset.Settings {
			if v, there := d.filled[name]; there {
				d.settings[name] = connectors.Replaced(v, fill)
			}
		}
	}
	d.row.TestURL = fill.Replace(d.testURL)
	var wrong string
	if d.row.Hosts, wrong = connectors.ParseHosts(fill.Replace(d.hosts)); wrong != "" && !d.awaited("hosts") {
		d.problems = append(d.problems, schema.Problem{Field: "hosts", Message: wrong})
	}
}

// awaited reports whether a field is wrong only because a blank is not filled in yet.
func (d *connectionDraft) awaited(field string) bool {
	text, _ := d.settings[field].(string)
	switch field {
	case "hosts":
		text = d.hosts
	case "test_url":
		text = d.row.TestURL
	}
	for _, b := range d.from.preset.Ask {
		if strings.Contains(text, "{"+b.Name+"}") && problemOf(d.problems, "ask."+b.Name) != "" {
			return true
		}
	}
	return false
}

// begin fills the draft in from a preset. Who the client is stays as it was typed.
func (d *connectionDraft) begin(p connectors.Preset, types *connectors.Types) {
	kind, ok := types.Type(p.Type)
	if !ok {
		return
	}
	if before := d.from.preset.Title; d.row.Name == "" || d.row.Name == before {
		d.row.Name = p.Title
	}
	filled := maps.Clone(p.Settings)
	if id := d.filled["client_id"]; id != nil {
		if _, has := kind.Form.Field("client_id"); has {
			filled["client_id"] = id
		}
	}
	d.from = begunFrom{preset: p, answers: map[string]string{}}
	for _, b := range p.Ask {
		d.from.answers[b.Name] = b.Default
	}
	d.kind, d.row.Type, d.filled, d.fresh, d.add = kind, kind.Name, filled, true, ""
	if len(p.Hosts) > 0 {
		d.hosts = strings.Join(p.Hosts, " ")
	}
	d.testURL, d.offered = p.TestURL, nil
}

// presetSection fills in the part of the form about services that are known.
func (s *Server) presetSection(m *views.ConnectionFormModel, d connectionDraft) {
	if m.ID == "" {
		for _, p := range connectors.Presets() {
			kind, _ := s.Types.Type(p.Type)
			m.Presets = append(m.Presets, views.PresetModel{Name: p.Name, Title: p.Title, Type: kind.Title, Icon: kind.Icon,
				Words: strings.ToLower(p.Title + " " + kind.Title + " " + p.Also)})
		}
	}
	p := d.from.preset
	if p.Name == "" {
		return
	}
	m.Begun = &views.BegunModel{Name: p.Name, Title: p.Title, Note: p.Note, Link: p.Link}
	for _, b := range p.Ask {
		m.Begun.Ask = append(m.Begun.Ask, views.FieldModel{ID: "conn-ask-" + b.Name, Name: "ask." + b.Name, Label: b.Label, Value: d.from.answers[b.Name],
			Placeholder: b.Placeholder, Hint: cmp.Or(b.Help, "Stands for {"+b.Name+"} below."), Problem: m.Problems["ask."+b.Name], Mono: true})
	}
}
