package connectors

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"flowdeck/cards/schema"
)

// Preset is a service that Flowdeck knows: what its form is filled with.
type Preset struct {
	Name     string        `json:"name"` // of its file, too
	Title    string        `json:"title"`
	Type     string        `json:"type"` // AuthType.Name
	Note     string        `json:"note"` // one line: what to know before
	Link     string        `json:"link"` // where one makes a client there
	Ask      []Blank       `json:"ask"`
	Settings schema.Values `json:"settings"`
	Hosts    []string      `json:"hosts"`
	TestURL  string        `json:"test_url"`
	Also     string        `json:"also"` // other words that people look for
}

// Blank is something that a preset has to be told. It stands as {name} in what it fills in.
type Blank struct {
	Name        string `json:"name"`
	Label       string `json:"label"`
	Placeholder string `json:"placeholder"`
	Help        string `json:"help"`
	Default     string `json:"default"`
}

//go:embed presets/*.json
var presetFiles embed.FS

var presets = readPresets()

// Presets returns every service that Flowdeck knows, by title. Nobody may change them.
func Presets() []Preset { return presets }

// PresetNamed returns the preset of that name.
func PresetNamed(name string) (Preset, bool) {
	for _, p := range presets {
		if p.Name == name {
			return p, true
		}
	}
	return Preset{}, false
}

// readPresets panics when one cannot be read: that is a mistake in the program.
func readPresets() []Preset {
	names, err := fs.Glob(presetFiles, "presets/*.json")
	if err != nil {
		panic("connectors: " + err.Error())
	}
	list := make([]Preset, len(names))
	for i, name := range names {
		data, err := presetFiles.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, &list[i])
		}
		if err != nil {
			panic(fmt.Sprintf("connectors: %s: %v", name, err))
		}
	}
	slices.SortFunc(list, func(a, b Preset) int { return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) })
	return list
}

// answerOfBlank is a name, or a host with a port: nothing that leads elsewhere.
var answerOfBlank = regexp.MustCompile(`^[\p{L}\p{N}._~-]+(:[0-9]{1,5})?$`)

// Replacer puts answers, by the names of the blanks, in the place of {name}. An
// address pasted as an answer counts as its host. What is missing or cannot be is
// a problem of the field "ask.name", and {name} stays.
func (p Preset) Replacer(answers map[string]string) (*strings.Replacer, schema.Problems) {
	var pairs []string
	var problems schema.Problems
	for _, b := range p.Ask {
		given := strings.TrimSpace(answers[b.Name])
		if _, rest, ok := strings.Cut(given, "://"); ok {
			given, _, _ = strings.Cut(rest, "/")
		}
		given = strings.TrimSuffix(given, "/")
		switch {
		case given == "":
			problems = append(problems, schema.Problem{Field: "ask." + b.Name, Message: "is required"})
		case !answerOfBlank.MatchString(given):
			problems = append(problems, schema.Problem{Field: "ask." + b.Name, Message: "must be like " + b.Placeholder})
		default:
			pairs = append(pairs, "{"+b.Name+"}", given)
		}
	}
	return strings.NewReplacer(pairs...), problems
}

// Replaced is v with every text in it put through r.
func Replaced(v any, r *strings.Replacer) any {
	switch v := v.(type) {
	case string:
		return r.Replace(v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = Replaced(x, r)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = Replaced(x, r)
		}
		return out
	}
	return v
}
