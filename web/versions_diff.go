package web

import (
	"slices"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// diff draws what is different in after, the values as people see them.
func (d *drawing) diff(before, after flows.Document) views.DiffModel {
	diff := flows.Compare(before, after, d.server.Cards)
	was, is := d.of(before), d.of(after)
	m := views.DiffModel{Summary: diff.Summary()}
	for _, f := range diff.Fields {
		m.Fields = append(m.Fields, views.DiffField{Kind: fieldChange(f), Label: labelOf(f.Path), Before: text(literal(f.Before)), After: text(literal(f.After))})
	}
	for _, s := range diff.Steps {
		m.Cards = append(m.Cards, diffCard(was, is, s))
	}
	return m
}

func diffCard(was, is *drawing, s flows.StepDiff) views.DiffCard {
	side := is
	m := views.DiffCard{ID: s.ID, Kind: "changed"}
	switch {
	case s.Added:
		m.Kind = "added"
	case s.Removed:
		m.Kind, side = "removed", was
	case len(s.Fields) == 0:
		m.Kind = "moved"
	}
	x := side.steps[s.ID]
	m.Number, m.Title, m.Icon, m.Hue = side.numbers[s.ID], side.title(x), x.card.Icon, string(x.card.Family)
	if !x.known {
		m.Icon, m.Hue = "circle-help", "logic"
	}
	if s.Moved {
		m.Moved = "from " + was.numbers[s.ID] + " to " + is.numbers[s.ID]
	}
	fields := s.Fields
	if s.Added || s.Removed {
		fields = flows.FieldsOf(x.step)
	}
	for _, f := range fields {
		if s.Removed {
			f.Before, f.After, f.Was, f.Is = f.After, nil, true, false
		}
		m.Fields = append(m.Fields, views.DiffField{Kind: fieldChange(f), Label: fieldLabel(x.card, f.Path),
			Before: was.diffValue(s.ID, f.Path, f.Before), After: is.diffValue(s.ID, f.Path, f.After)})
	}
	return m
}

func fieldChange(f flows.FieldDiff) string {
	switch {
	case !f.Was:
		return "added"
	case !f.Is:
		return "removed"
	}
	return "changed"
}

// diffValue is a value of a step as its card shows it.
func (d *drawing) diffValue(step, path string, v any) []views.Segment {
	x := d.steps[step]
	names := flows.SplitField(path)
	switch {
	case v == nil:
		return nil
	case path == "connection":
		if c, ok := d.conns[literal(v)]; ok {
			return text(c.Name)
		}
		return text("a connection that is not here any more")
	case path == "card":
		if c, ok := d.server.Cards.Card(literal(v)); ok {
			return text(c.Category + " · " + c.Title)
		}
	case path == "policy.on_error" || path == "policy.in_doubt":
		return text(policyWord(literal(v)))
	case path == "off", path == "policy.timeout":
		return text(yesWord(v))
	case names[0] == "inputs" && len(names) > 1:
		if f, ok := memberOf(x.card.Inputs, names[1:]); ok {
			if label, ok := optionLabel(f, literal(v)); ok {
				return text(label)
			}
		}
	}
	if list, ok := v.([]any); ok && !slices.ContainsFunc(list, func(e any) bool { _, text := e.(string); return !text }) {
		var lines []string
		for _, e := range list {
			lines = append(lines, e.(string))
		}
		return d.segments(x, strings.Join(lines, "\n"))
	}
	return d.segments(x, yesWord(v))
}

func text(s string) []views.Segment {
	if s == "" {
		return nil
	}
	return []views.Segment{{Text: s}}
}

func yesWord(v any) string {
	switch v {
	case true:
		return "Yes"
	case false:
		return "No"
	}
	return literal(v)
}

func policyWord(v string) string {
	switch v {
	case "fail":
		return "Fail"
	case "repeat":
		return "Run again"
	case "continue":
		return "Continue"
	case "stop", "":
		return "Stop the run"
	}
	return v
}

func optionLabel(f schema.Field, value string) (string, bool) {
	for _, o := range f.Options {
		if o.Value == value {
			return o.Label, true
		}
	}
	return "", false
}

// memberOf finds the field of a form that a path leads to.
func memberOf(form schema.Form, names []string) (schema.Field, bool) {
	f, ok := form.Field(names[0])
	if !ok || len(names) == 1 {
		return f, ok
	}
	if rest := names[1:]; f.Type == schema.List && len(rest) > 1 {
		return memberOf(f.Members, rest[1:])
	}
	return schema.Field{}, false
}

// fieldLabel names a value of a step: "Headers › X-Id", "Then › id", "Retry › 1 › Attempts".
func fieldLabel(card cards.Card, path string) string {
	names := flows.SplitField(path)
	switch {
	case names[0] == "inputs" && len(names) > 1:
		return inputWords(card.Inputs, names[1:])
	case names[0] == "outputs" && len(names) > 1:
		return "Output " + strings.Join(names[1:], ".")
	case names[0] == "blocks" && len(names) > 1:
		title := upperFirst(names[1])
		for _, b := range card.Blocks {
			if b.Name == names[1] {
				title = b.Title
			}
		}
		return strings.Join(append([]string{title}, names[2:]...), " › ")
	}
	return labelOf(path)
}

func inputWords(form schema.Form, names []string) string {
	label := upperFirst(names[0])
	f, ok := form.Field(names[0])
	if ok && f.Label != "" {
		label = f.Label
	}
	rest := names[1:]
	if len(rest) == 0 {
		return label
	}
	if f.Type == schema.List {
		label += " › " + nth(rest[0])
		if rest = rest[1:]; len(rest) == 0 {
			return label
		}
		return label + " › " + inputWords(f.Members, rest)
	}
	return label + " › " + strings.Join(rest, " › ")
}

// nth counts from 1, as people do.
func nth(index string) string {
	n, ok := wholeNumber(index)
	if !ok {
		return index
	}
	return literal(int64(n + 1))
}

var pathWords = map[string]string{"off": "Turned off", "policy": "When it fails", "on_error": "After that", "in_doubt": "After a crash in between",
	"retry": "Retry", "max": "Longest wait", "match": "Errors"}

// labelOf is a stored path in words.
func labelOf(path string) string {
	var parts []string
	for _, name := range flows.SplitField(path) {
		if w, ok := pathWords[name]; ok {
			parts = append(parts, w)
		} else {
			parts = append(parts, upperFirst(strings.ReplaceAll(nth(name), "_", " ")))
		}
	}
	if len(parts) > 1 && parts[0] == "When it fails" {
		parts = parts[1:]
	}
	return strings.Join(parts, " › ")
}

func wholeNumber(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0
}
