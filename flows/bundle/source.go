package bundle

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/strict"
)

// Limits of what is imported at once.
const (
	MostFiles = 10_000
	MaxFile   = flows.MaxDocument + 1<<20 // bytes
	MaxBundle = 64 << 20                  // bytes, of all files together
)

// mostSaid is how many problems of one bundle are told.
const mostSaid = 100

// source is one file while it is read.
type source struct {
	File
	problems *Problems
}

// fail notes a problem of what stands at a path in the file.
func (s *source) fail(at []string, format string, args ...any) {
	if len(*s.problems) >= mostSaid {
		return // to look for its place takes as long as to read the file
	}
	p := flows.Problem{Field: strings.Join(at, "."), Message: fmt.Sprintf(format, args...)}
	p.Line, p.Column = flows.Locate(s.Text, at)
	s.note(p)
}

func (s *source) note(p flows.Problem) {
	if len(*s.problems) < mostSaid {
		*s.problems = append(*s.problems, Problem{s.Path, p})
	}
}

// into reads the whole file strictly; false when something is wrong with it.
func (s *source) into(thing any) bool {
	var wrong flows.Problems
	err := strict.Read(s.Text, MaxFile, thing)
	if err == nil {
		return true
	}
	if !errors.As(err, &wrong) {
		wrong = flows.Problems{{Message: err.Error()}}
	}
	for _, p := range wrong {
		s.note(p)
	}
	return false
}

// fields notes problems that are named by field, below at.
func (s *source) fields(p schema.Problems, at ...string) {
	for _, x := range p {
		path := at
		if x.Field != "" {
			path = append(path[:len(path):len(path)], flows.SplitField(x.Field)...)
		}
		s.fail(path, "%s", x.Message)
	}
}

// read finds out what the file is and reads it; nil when something is wrong with it.
func (b *Bundle) read(src *source) item {
	if len(src.Text) > MaxFile {
		src.note(flows.Problem{Message: fmt.Sprintf("is %d bytes long; %d are the most", len(src.Text), MaxFile)})
		return nil
	}
	if len(strings.TrimSpace(string(src.Text))) == 0 {
		src.note(flows.Problem{Message: "is empty"})
		return nil
	}
	if !utf8.Valid(src.Text) {
		src.note(flows.Problem{Message: "is not a text file; choose a .json file that “Export” made"})
		return nil
	}
	v, repeated, err := schema.ReadJSON(string(src.Text))
	var syntax *schema.JSONError
	switch {
	case errors.As(err, &syntax):
		src.note(flows.Problem{Message: "is not JSON: " + syntax.Message, Line: syntax.Line, Column: syntax.Column})
		return nil
	case err != nil:
		src.note(flows.Problem{Message: err.Error()})
		return nil
	case len(repeated) > 0:
		src.note(flows.Problem{Message: fmt.Sprintf("has the key %q twice in one object", repeated[0])})
		return nil
	}
	return b.readAs(src, v)
}

func (b *Bundle) readAs(src *source, v any) item {
	m, ok := v.(map[string]any)
	if !ok {
		src.fail(nil, "must be an object, got %s", schema.Describe(v))
		return nil
	}
	name, _ := m["kind"].(string)
	switch format, written := m["flowdeck"].(int64); {
	case m["flowdeck"] == nil && m["kind"] == nil && m["trigger"] != nil: // a document alone
		return readBareDocument(b, src)
	case !written:
		src.fail(nil, `is JSON, but not a file of Flowdeck: it has no "flowdeck": %d; choose a file that “Export” made`, Format)
		return nil
	case format != Format:
		src.fail([]string{"flowdeck"}, "is format %d; this Flowdeck reads format %d. Update Flowdeck, or export again", format, Format)
		return nil
	case m["kind"] == nil && m["document"] != nil:
		name = flowName // as flows were exported first
	}
	for _, k := range kinds() {
		if k.name == name {
			return k.read(b, src)
		}
	}
	src.fail([]string{"kind"}, "must be one of %s, got %s", kindNames(), schema.Describe(m["kind"]))
	return nil
}

var idPattern = regexp.MustCompile(`^[0-9A-Za-z_-]{1,60}$`)

// checkID says what is wrong with the id of a file; none is fine.
func (s *source) checkID(id, prefix string) {
	if rest, ok := strings.CutPrefix(id, prefix); id != "" && (!ok || !idPattern.MatchString(rest)) {
		s.fail([]string{"id"}, "must be %s and up to 60 letters, digits, hyphens and underscores", prefix)
	}
}

// Local reports whether a file of a bundle may have that path: below the folder, without tricks.
func Local(name string) bool {
	return name != "" && len(name) < 1000 && !strings.ContainsAny(name, "\\\x00") && !path.IsAbs(name) && path.Clean(name) == name &&
		name != ".." && !strings.HasPrefix(name, "../") && !strings.Contains(name, ":")
}
