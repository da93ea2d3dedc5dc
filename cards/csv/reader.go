package csv

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"flowdeck/cards"
	"flowdeck/cards/bounds"
)

const maxCells = 5_000_000

// reader takes text apart by RFC 4180: values may be quoted, and a quote inside is
// written twice. Unlike there, lines may end in any of the usual ways.
type reader struct {
	src       string
	delimiter rune
	quote     rune // 0 when there are no quotes
	pos       int
	line      int // from 1
	start     int // where the line begins
	cells     int
}

// rows returns the values of every line. Lines with nothing in them are left out.
func (r *reader) rows() ([][]string, []int, error) {
	r.line = 1
	var rows [][]string
	var lines []int
	for r.pos < len(r.src) {
		line := r.line
		if r.eol() {
			continue
		}
		row, err := r.row()
		if err != nil {
			return nil, nil, err
		}
		rows, lines = append(rows, row), append(lines, line)
		if err := bounds.CheckItems("text", len(rows)); err != nil {
			return nil, nil, err
		}
	}
	return rows, lines, nil
}

// eol reads the end of a line when there is one.
func (r *reader) eol() bool {
	rest := r.src[r.pos:]
	switch {
	case strings.HasPrefix(rest, "\r\n"):
		r.pos += 2
	case rest != "" && (rest[0] == '\n' || rest[0] == '\r'):
		r.pos++
	default:
		return false
	}
	r.line++
	r.start = r.pos
	return true
}

func (r *reader) row() ([]string, error) {
	var row []string
	for {
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		row = append(row, value)
		if r.cells++; r.cells > maxCells {
			return nil, &cards.Error{Code: cards.CodeLimit, Message: "text: has more than 5,000,000 values"}
		}
		if r.pos == len(r.src) || r.eol() {
			return row, nil
		}
		r.pos += utf8.RuneLen(r.delimiter)
	}
}

// value reads up to the next delimiter or the end of the line.
func (r *reader) value() (string, error) {
	rest := r.src[r.pos:]
	if r.quote != 0 && rest != "" && rune(rest[0]) == r.quote {
		return r.quoted()
	}
	end := strings.IndexFunc(rest, func(c rune) bool { return c == r.delimiter || c == '\n' || c == '\r' })
	if end < 0 {
		end = len(rest)
	}
	if q := strings.IndexRune(rest[:end], r.quote); r.quote != 0 && q >= 0 {
		return "", r.fail(r.pos+q, "a quote inside of a value that does not begin with one; put quotes around the whole value and write this one twice")
	}
	r.pos += end
	return rest[:end], nil
}

func (r *reader) quoted() (string, error) {
	opened, line, start := r.pos, r.line, r.start
	r.pos++
	var b strings.Builder
	for {
		rest := r.src[r.pos:]
		end := strings.IndexRune(rest, r.quote)
		if end < 0 {
			r.line, r.start = line, start
			return "", r.fail(opened, "a quote is opened here and never closed")
		}
		for i := range end { // values may go over several lines
			if rest[i] == '\n' || rest[i] == '\r' && !strings.HasPrefix(rest[i:], "\r\n") {
				r.line++
				r.start = r.pos + i + 1
			}
		}
		b.WriteString(rest[:end])
		r.pos += end + 1
		switch after := r.src[r.pos:]; {
		case after == "", after[0] == '\n', after[0] == '\r', strings.HasPrefix(after, string(r.delimiter)):
			return b.String(), nil
		case rune(after[0]) == r.quote:
			b.WriteRune(r.quote)
			r.pos++
		default:
			return "", r.fail(r.pos, "there is more after the closing quote; a quote inside of a value is written twice")
		}
	}
}

func (r *reader) fail(pos int, message string) error {
	return problem("text", fmt.Sprintf("is not CSV that can be read: line %d, column %d: %s", r.line, utf8.RuneCountInString(r.src[r.start:pos])+1, message))
}

// guess finds the delimiter that the first line has most of, outside of quotes.
func guess(src string, quote rune) rune {
	counts, inside := map[rune]int{}, false
	for _, c := range src {
		if c == quote {
			inside = !inside
		}
		if (c == '\n' || c == '\r') && !inside && len(counts) > 0 {
			break
		}
		if !inside && (c == ',' || c == ';' || c == '\t' || c == '|') {
			counts[c]++
		}
	}
	best := '\t'
	for _, c := range []rune{';', '|', ','} { // a comma last: it also stands in numbers
		if counts[c] > counts[best] {
			best = c
		}
	}
	if counts[best] == 0 {
		return ','
	}
	return best
}
