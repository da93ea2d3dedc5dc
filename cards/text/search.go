package text

import (
	"fmt"
	"regexp"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/pattern"
)

// compiled keeps the patterns that the cards of this package were given.
var compiled = pattern.New()

// patternOf compiles a pattern that its author wrote into field.
func patternOf(field, written string, ignoreCase bool) (*regexp.Regexp, error) {
	if written == "" {
		return nil, wrong(field, "is required")
	}
	if ignoreCase {
		written = "(?i)" + written
	}
	re, err := compiled.Compile(written)
	if err != nil {
		return nil, wrong(field, "%v", err)
	}
	return re, nil
}

// substitute is literal.replace for a pattern, whose replacement may hold $1 and ${name}.
func substitute(re *regexp.Regexp, s, template string, all bool) (replaced string, count int, err error) {
	found, err := matches(re, s, all)
	if err != nil {
		return "", 0, err
	}
	var b []byte
	last := 0
	for _, match := range found {
		b = append(b, s[last:match[0]]...)
		if len(b)+len(template) > maxText {
			return "", 0, errTooLong("text")
		}
		if b = re.ExpandString(b, template, s, match); len(b) > maxText {
			return "", 0, errTooLong("text")
		}
		last = match[1]
	}
	return string(append(b, s[last:]...)), len(found), nil
}

// maxPlaces bounds how many places in a text are kept: those of all groups of all matches.
const maxPlaces = 4_000_000

// matches returns the places of the first match in s, or of all.
func matches(re *regexp.Regexp, s string, all bool) ([][]int, error) {
	if !pattern.Affordable(re, s) {
		return nil, &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("pattern: is too large for a text of %d letters; shorten one of them", utf8.RuneCountInString(s))}
	}
	if !all {
		if m := re.FindStringSubmatchIndex(s); m != nil {
			return [][]int{m}, nil
		}
		return nil, nil
	}
	most := min(maxPlaces/(1+re.NumSubexp()), maxParts)
	found := re.FindAllStringSubmatchIndex(s, most+1)
	if len(found) > most {
		return nil, &cards.Error{Code: cards.CodeLimit, Message: fmt.Sprintf("the pattern matches more than %d times", most)}
	}
	return found, nil
}
