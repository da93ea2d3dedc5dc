package text

import (
	"fmt"
	"regexp"
	"strings"
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

// literal finds text that is meant as it stands.
type literal struct {
	text string
	fold *regexp.Regexp // when capital and small letters are the same
}

func newLiteral(field, text string, caseSensitive bool) (literal, error) {
	if text == "" {
		return literal{}, wrong(field, "is required")
	}
	if caseSensitive {
		return literal{text: text}, nil
	}
	re, err := patternOf(field, regexp.QuoteMeta(text), true)
	return literal{text, re}, err
}

// next returns where the first match in s begins and ends; -1 when there is none.
func (l literal) next(s string) (from, to int) {
	if l.fold == nil {
		if at := strings.Index(s, l.text); at >= 0 {
			return at, at + len(l.text)
		}
		return -1, -1
	}
	if at := l.fold.FindStringIndex(s); at != nil {
		return at[0], at[1]
	}
	return -1, -1
}

// replace puts replacement where the first match is, or where all are.
func (l literal) replace(s, replacement string, all bool) (replaced string, count int, err error) {
	var b strings.Builder
	for count == 0 || all {
		from, to := l.next(s)
		if from < 0 {
			break
		}
		if b.Len()+from+len(replacement) > maxText {
			return "", 0, errTooLong("text")
		}
		b.WriteString(s[:from])
		b.WriteString(replacement)
		s = s[to:]
		count++
	}
	b.WriteString(s)
	return b.String(), count, nil
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

// last returns where the last match begins that does not begin after byte most; -1
// when there is none. Matches may overlap.
func (l literal) last(s string, most int) int {
	if l.fold == nil {
		return strings.LastIndex(s[:min(len(s), most+len(l.text))], l.text)
	}
	last, at := -1, 0
	for at <= most {
		from, _ := l.next(s[at:])
		if from < 0 || at+from > most {
			break
		}
		last = at + from
		_, size := utf8.DecodeRuneInString(s[last:])
		at = last + size
	}
	return last
}
