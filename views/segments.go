package views

import (
	"encoding/json"
	"strings"
)

// Segments cuts a template into text and pills. Look describes what stands
// between a pair of braces, spaces trimmed. Braces that do not close are text.
func Segments(template string, look func(src string) PillModel) []Segment {
	var out []Segment
	for template != "" {
		start := strings.Index(template, "{{")
		if start < 0 {
			break
		}
		length := closing(template[start+2:])
		if length < 0 {
			break
		}
		if start > 0 {
			out = append(out, Segment{Text: template[:start]})
		}
		src := strings.TrimSpace(template[start+2 : start+2+length])
		pill := look(src)
		pill.Ref = src
		out = append(out, Segment{Pill: &pill})
		template = template[start+2+length+2:]
	}
	if template != "" {
		out = append(out, Segment{Text: template})
	}
	return out
}

// closing finds the braces that end an expression, past any inside quotes.
func closing(s string) int {
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '}' && i+1 < len(s) && s[i+1] == '}':
			return i
		}
	}
	return -1
}

// pillFacts tells the editor how to draw the pills of a field that it must not
// be given as HTML while somebody types in it: reference to facts, as JSON.
func pillFacts(segments []Segment) string {
	type facts struct {
		Number  string `json:"n,omitempty"`
		Label   string `json:"l"`
		Hue     string `json:"h,omitempty"`
		Why     string `json:"w,omitempty"`
		Missing bool   `json:"m,omitempty"`
		Maybe   bool   `json:"y,omitempty"`
		Expr    bool   `json:"x,omitempty"`
	}
	all := map[string]facts{}
	for _, s := range segments {
		if p := s.Pill; p != nil {
			all[p.Ref] = facts{p.Number, p.Label, p.Hue, p.Why, p.Missing, p.Maybe, p.Expr}
		}
	}
	if len(all) == 0 {
		return ""
	}
	raw, _ := json.Marshal(all) // strings and booleans always marshal
	return string(raw)
}

// urlBreaks cuts text after the characters where an address may wrap.
func urlBreaks(text string) []string {
	var parts []string
	start := 0
	for i := 0; i+1 < len(text); i++ {
		if c := text[i]; (c == '/' || c == '?' || c == '&') && text[i+1] != '/' {
			parts = append(parts, text[start:i+1])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// edit is an element's data-edit: the edit that a press on it posts.
func edit(pairs ...string) string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	raw, _ := json.Marshal(m) // strings always marshal
	return string(raw)
}
