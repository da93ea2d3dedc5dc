package flows

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// AliasFrom turns the first name that has letters for it into what a URL likes: "customer-crm-sync".
func AliasFrom(names ...string) string {
	for _, name := range names {
		var b strings.Builder
		for _, r := range strings.ToLower(name) {
			switch {
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
				b.WriteRune(r)
			case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
				b.WriteByte('-')
			}
			if b.Len() >= 60 {
				break
			}
		}
		if s := strings.Trim(b.String(), "-"); s != "" {
			return s
		}
	}
	return "flow"
}

var aliasPattern = regexp.MustCompile(`^[a-z0-9_](?:[a-z0-9_-]{0,62}[a-z0-9_])?$`)

// CheckAlias says what is wrong with an alias.
func CheckAlias(alias string) (p schema.Problems) {
	if !aliasPattern.MatchString(alias) {
		p = append(p, schema.Problem{Field: "alias", Message: "must be letters, digits, hyphens and underscores, up to 64 of them: customer-sync"})
	}
	return p
}

// Details are what a flow is called and filed under.
type Details struct {
	Name, Description, Folder string
	Labels                    []string
}

// Limits of a folder's path, in letters and in levels.
const (
	maxFolder = 200
	maxLevels = 8
)

// Clean returns d as it is kept: no space around names, no label twice, no empty level of a folder.
func (d Details) Clean() Details {
	d.Name, d.Description = strings.TrimSpace(d.Name), strings.TrimSpace(d.Description)
	labels, seen := []string{}, map[string]bool{}
	for _, l := range d.Labels {
		if l = strings.Join(strings.Fields(l), " "); l != "" && !seen[l] {
			seen[l] = true
			labels = append(labels, l)
		}
	}
	d.Labels = labels
	var levels []string
	for level := range strings.SplitSeq(d.Folder, "/") {
		if level = strings.Join(strings.Fields(level), " "); level != "" {
			levels = append(levels, level)
		}
	}
	d.Folder = strings.Join(levels, "/")
	return d
}

// Check says all that is wrong with clean details.
func (d Details) Check() schema.Problems {
	var p schema.Problems
	add := func(field, message string) { p = append(p, schema.Problem{Field: field, Message: message}) }
	if n := utf8.RuneCountInString(d.Name); n == 0 || n > 200 {
		add("name", "Give it a name of up to 200 letters.")
	}
	if utf8.RuneCountInString(d.Description) > 2000 {
		add("description", "Use at most 2000 letters.")
	}
	levels := strings.Split(d.Folder, "/")
	if utf8.RuneCountInString(d.Folder) > maxFolder || len(levels) > maxLevels {
		add("folder", "Use at most 200 letters and 8 levels.")
	}
	for _, level := range levels {
		if level == "." || level == ".." || strings.ContainsFunc(level, unfit) {
			add("folder", "“"+firstLetters(level, 40)+"” cannot be the name of a folder: leave dots alone and the signs \\ : * ? \" < > | out.")
		}
	}
	if len(d.Labels) > 20 {
		add("labels", "Use at most 20 labels.")
	}
	for _, l := range d.Labels {
		if utf8.RuneCountInString(l) > 40 {
			add("labels", "“"+firstLetters(l, 40)+"…” is too long for a label: use at most 40 letters.")
		}
	}
	return p
}

// unfit reports whether a letter cannot stand in a file's name everywhere.
func unfit(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`\:*?"<>|`, r) }

// firstLetters is the first n letters of s.
func firstLetters(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
