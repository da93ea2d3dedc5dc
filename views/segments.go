package views

import "encoding/json"

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
		Drift   bool   `json:"d,omitempty"`
		Expr    bool   `json:"x,omitempty"`
	}
	all := map[string]facts{}
	for _, s := range segments {
		if p := s.Pill; p != nil {
			all[p.Ref] = facts{p.Number, p.Label, p.Hue, p.Why, p.Missing, p.Maybe, p.Drift, p.Expr}
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
