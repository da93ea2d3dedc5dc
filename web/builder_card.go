package web

import (
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/schedule"
	"flowdeck/flows/store"
	"flowdeck/flows/webhook"
	"flowdeck/views"
)

// card draws one step, with the steps inside its blocks.
func (d *drawing) card(id string) views.BuilderCard {
	x := d.steps[id]
	trigger := id == d.flow.Draft.Trigger.ID
	m := views.BuilderCard{
		ID: id, Number: d.numbers[id], Title: d.title(x), Note: x.step.Note, Off: x.step.Off, Trigger: trigger,
		Hue: string(x.card.Family), Icon: x.card.Icon, Type: d.cardType(x), Verb: verb(x, d.flow.Settings),
		Failing: len(x.problem) > 0, Wrappable: !trigger, OutputsCap: "Outputs",
	}
	if !x.known {
		m.Hue, m.Icon, m.Type = "logic", "circle-help", "Unknown card"
		m.Problem = "This server has no card named “" + x.step.Card + "”. Delete it, or use a server that has it."
		return m
	}
	for _, p := range x.problem {
		if p.Field == "" {
			m.Problem = p.Message
		}
	}
	m.Sees, m.Comment = d.seen[id], x.card.Comment
	m.Late = x.card.Late
	m.Connection = d.connection(x)
	m.Summary = d.summary(x)
	m.CanTest = x.card.Kind == cards.Function
	m.Lanes = d.lanes(x)
	_, m.Pinned = d.pins[id]
	m.Status = d.ran[id]
	if d.light(id) {
		d.lighten(&m, x)
		return m
	}
	m.Fields = d.fields(x)
	m.Outputs, m.Learned = d.cardOutputs(x), d.learned(x)
	m.Foot = d.foot(x, trigger)
	switch {
	case trigger:
		switch x.card.Name {
		case endpointCard:
			m.OutputsCap = "Inputs callers send"
		case "event.manual":
			m.OutputsCap = "Inputs people fill in"
		case "event.helper":
			m.OutputsCap = "Inputs callers give"
		case schedule.Card:
			m.Lists = d.nextTimes(x)
		case webhook.Card:
			m.Lists = d.refusedDeliveries()
		}
		if x.card.OutputsFrom != "" {
			m.Adds = "input"
		}
	case x.card.Kind == cards.Function && (x.card.Outputs.Open || hasOpenOutput(x.card)):
		m.Adds = "output"
	}
	if x.card.Kind == cards.Function || len(x.card.Blocks) > 0 {
		m.Policy = drawPolicy(x)
	}
	return m
}

func (d *drawing) title(x drawn) string {
	switch {
	case x.step.Title != "":
		return x.step.Title
	case x.card.Title != "":
		return x.card.Title
	}
	return x.step.ID
}

// cardType is the small line under a title: what the card is, when the title does not say.
func (d *drawing) cardType(x drawn) string {
	c := x.card
	switch {
	case c.Name == "event.endpoint":
		return "/invoke/" + d.flow.Alias
	case c.Name == webhook.Card:
		return hookPrefix + d.flow.Alias
	case c.Family == cards.FamilyReply && c.Name == "http.close":
		return "Reply to caller"
	case c.Family == cards.FamilyHTTP, d.title(x) == c.Title:
		return c.Category
	}
	return c.Title
}

// verb is the word in capitals before the type: a method, or the status of an answer.
func verb(x drawn, settings flows.Settings) string {
	switch x.card.Name {
	case "http.raw":
		if method, _ := x.step.Inputs["method"].(string); !strings.Contains(method, "{{") {
			return method
		}
	case "http.close":
		if status := literal(x.step.Inputs["status_code"]); !strings.Contains(status, "{{") {
			return status
		}
	case "event.endpoint":
		if len(settings.Methods) > 0 {
			return strings.Join(settings.Methods, " ")
		}
		return "ANY"
	default:
		if x.card.Family == cards.FamilyHTTP {
			return strings.ToUpper(x.card.Title)
		}
	}
	return ""
}

func hasOpenOutput(c cards.Card) bool {
	return slices.ContainsFunc(c.Outputs.Fields, func(f schema.Field) bool {
		return f.Type == schema.Any || f.Type == schema.Object
	})
}

func (d *drawing) connection(x drawn) *views.ConnRow {
	if x.card.Connector == "" {
		return nil
	}
	row := &views.ConnRow{ID: "conn-" + x.step.ID, Problem: problemAt(x.problem, "connection")}
	if c, ok := d.conns[x.step.Connection]; ok {
		row.Name = c.Name
		row.State, row.Text = connectionState(c)
		if t, ok := d.server.Types.Type(c.Type); ok {
			row.Kind = t.Title
		}
	}
	return row
}

func (d *drawing) foot(x drawn, trigger bool) *views.CardFoot {
	switch {
	case trigger && x.card.Name == "event.endpoint":
		return &views.CardFoot{Security: securityTitle(d.flow.Settings), URL: d.base + "/api/flows/" + d.flow.Alias + "/invoke", CopyLabel: "Copy invoke URL", SettingsLabel: settingsName(endpointCard),
			SettingsURL: "/flows/" + d.flow.ID + "/endpoint"}
	case trigger && x.card.Name == webhook.Card:
		return d.hookFoot(x)
	case x.card.Name == "http.close":
		return &views.CardFoot{Text: "Ends the HTTP call"}
	}
	t, ok := d.tests[x.step.ID]
	if !ok || x.card.Kind != cards.Function {
		return nil
	}
	foot := &views.CardFoot{Test: testWords(t), TestKind: "ok"}
	if t.Error != nil {
		foot.TestKind = "err"
	}
	return foot
}

func securityTitle(s flows.Settings) string {
	if s.Security == levelOAuth {
		return "OAuth 2.0"
	}
	if s.Security == levelPublic {
		return "Public"
	}
	return "Client token"
}

// testWords is the outcome of a test in a few characters: "200 · 182 ms".
func testWords(t store.CardTest) string {
	word := "OK"
	switch {
	case t.Error != nil && t.Error.Details["status_code"] != nil:
		word = literal(t.Error.Details["status_code"])
	case t.Error != nil:
		word = t.Error.Code
	case t.Output["status_code"] != nil:
		word = literal(t.Output["status_code"])
	}
	return word + " · " + took(t.Took)
}

// summary is the line that stands for a collapsed card.
func (d *drawing) summary(x drawn) []views.Segment {
	if n := len(x.problem); n > 0 {
		return []views.Segment{{Text: strconv.Itoa(n) + plural(n, " thing", " things") + " to fix"}}
	}
	for _, name := range []string{"url", "text", "body"} {
		if text, ok := x.step.Inputs[name].(string); ok && text != "" {
			return d.segments(x, firstLine(text))
		}
	}
	if x.card.Name == schedule.Card {
		if when, err := schedule.Read(x.step.Inputs); err == nil {
			return []views.Segment{{Text: when.String()}}
		}
	}
	if said := d.condition(x); said != nil {
		return said
	}
	if n := len(d.outputs[x.step.ID]); n > 0 {
		return []views.Segment{{Text: strconv.Itoa(n) + plural(n, " output", " outputs")}}
	}
	return nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
