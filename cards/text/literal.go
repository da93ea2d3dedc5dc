package text

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// literal finds text that is meant as it stands. The time that it takes grows with the
// text, whatever is looked for.
type literal struct {
	text string // folded when fold is set
	fold bool   // capital and small letters are the same
}

func newLiteral(field, text string, caseSensitive bool) (literal, error) {
	if text == "" {
		return literal{}, wrong(field, "is required")
	}
	if caseSensitive {
		return literal{text: text}, nil
	}
	return literal{folded(text).text, true}, nil
}

// in is s as the literal looks for itself in it.
func (l literal) in(s string) searched {
	if l.fold {
		return folded(s)
	}
	return searched{text: s}
}

// first returns the byte of s at which the first match begins; -1 when there is none.
func (l literal) first(s string) int {
	in := l.in(s)
	if from := strings.Index(in.text, l.text); from >= 0 {
		return in.place(from)
	}
	return -1
}

// last returns where the last match begins that does not begin after byte most; -1
// when there is none. Matches may overlap.
func (l literal) last(s string, most int) int {
	in := l.in(s)
	end := min(len(in.text), in.upTo(most)+len(l.text))
	if from := strings.LastIndex(in.text[:end], l.text); from >= 0 {
		return in.place(from)
	}
	return -1
}

// count is how often the literal is in s, without overlaps.
func (l literal) count(s string) int { return strings.Count(l.in(s).text, l.text) }

// replace puts replacement where the first match is, or where all are.
func (l literal) replace(s, replacement string, all bool) (replaced string, count int, err error) {
	in, at, done := l.in(s), 0, 0
	var b strings.Builder
	for count == 0 || all {
		from := strings.Index(in.text[at:], l.text)
		if from < 0 {
			break
		}
		from += at
		at = from + len(l.text)
		kept := s[done:in.place(from)]
		if b.Len()+len(kept)+len(replacement) > maxText {
			return "", 0, errTooLong("text")
		}
		b.WriteString(kept)
		b.WriteString(replacement)
		done = in.place(at)
		count++
	}
	b.WriteString(s[done:])
	return b.String(), count, nil
}

// searched is a text in which a literal is looked for.
type searched struct {
	text string
	at   []int32 // of each byte of text and of its end, where it was before; nil when that is the same place
}

// place is where byte i was before.
func (s searched) place(i int) int {
	if s.at == nil {
		return i
	}
	return int(s.at[i])
}

// upTo is the last byte that was not after byte most.
func (s searched) upTo(most int) int {
	if s.at == nil {
		return most
	}
	return sort.Search(len(s.at), func(i int) bool { return int(s.at[i]) > most }) - 1
}

// folded is s with one letter for all that differ in being capital or small only, by the
// simple folding of Unicode. Some of those take more bytes than others.
func folded(s string) searched {
	if ascii(s) {
		return searched{text: strings.ToUpper(s)}
	}
	var b strings.Builder
	b.Grow(len(s))
	var at []int32
	for i, r := range s {
		size := 1
		if r != utf8.RuneError {
			size = utf8.RuneLen(r)
		} else if _, size = utf8.DecodeRuneInString(s[i:]); size == 1 {
			b.WriteByte(s[i]) // no UTF-8: it stays what it is
			at = places(at, b.Len()-1, b.Len(), i)
			continue
		}
		begin := b.Len()
		b.WriteRune(foldedRune(r))
		if at == nil && b.Len()-begin != size {
			at = make([]int32, 0, len(s)+1)
			for k := range int32(begin) {
				at = append(at, k)
			}
		}
		at = places(at, begin, b.Len(), i)
	}
	if at != nil {
		at = append(at, int32(len(s)))
	}
	return searched{b.String(), at}
}

// places notes that the bytes from begin to end were at byte i, when places are noted.
func places(at []int32, begin, end, i int) []int32 {
	if at == nil {
		return nil
	}
	for range end - begin {
		at = append(at, int32(i))
	}
	return at
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldedRune is the least of the letters that differ from r in being capital or small only.
func foldedRune(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToUpper(r)
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}
