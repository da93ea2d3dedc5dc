package date

import (
	"strings"
	"unicode/utf8"
)

// layoutHelp is the grammar of formats, as every card says it that has one.
const layoutHelp = "- **Format**: `YYYY` `YY` year, `MM` `M` `MMMM` `MMM` month, `DD` `D` `Do` day, `DDDD` day of the year, `dddd` `ddd` day of the week, `E` its number (Monday 1), `Q` quarter, `GGGG` `WW` `W` ISO year and week,\n" +
	"  `HH` `H` hour, `hh` `h` of 12, `A` `a` AM am, `mm` `m` minute, `ss` `s` second, `S`…`SSSSSSSSS` fraction, `Z` +02:00, `ZZ` +0200, `z` CEST, `X` `x` seconds and milliseconds since 1970. Text stands in `[brackets]`; names are English."

// part is one piece of a format: a token, or text that stands for itself.
type part struct {
	token string // "" of text
	text  string
}

// tokens are the letters that mean something, the longer ones first.
var tokens = []string{"YYYY", "GGGG", "MMMM", "DDDD", "dddd", "MMM", "DDD", "ddd", "YY", "MM", "DD", "Do", "HH", "hh", "mm", "ss", "ZZ", "WW",
	"M", "D", "E", "Q", "W", "H", "h", "A", "a", "m", "s", "Z", "z", "X", "x"}

// maxLayout is how long a format may be, in bytes.
const maxLayout = 200

// layoutOf takes a format apart.
func layoutOf(field, format string) ([]part, error) {
	if len(format) > maxLayout {
		return nil, wrong(field, "is longer than %d letters", maxLayout)
	}
	var list []part
	for at := 0; at < len(format); {
		rest := format[at:]
		p, length := one(rest)
		if length == 0 {
			letters := run(rest)
			return nil, wrong(field, "has %q at character %d, which means nothing here%s", letters, 1+utf8.RuneCountInString(format[:at]), instead(letters))
		}
		at += length
		if last := len(list) - 1; p.token == "" && last >= 0 && list[last].token == "" {
			list[last].text += p.text
			continue
		}
		list = append(list, p)
	}
	return list, nil
}

// one returns the first part of a format and how many bytes it takes; 0 when there is none.
func one(s string) (part, int) {
	if s[0] == '[' {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return part{}, 0
		}
		return part{text: s[1:end]}, end + 1
	}
	if s[0] == 'S' {
		n := min(len(s)-len(strings.TrimLeft(s, "S")), 9)
		return part{token: s[:n]}, n
	}
	for _, t := range tokens {
		if strings.HasPrefix(s, t) {
			return part{token: t}, len(t)
		}
	}
	if c := s[0]; c != 'T' && (c|0x20 >= 'a' && c|0x20 <= 'z') {
		return part{}, 0
	}
	_, size := utf8.DecodeRuneInString(s)
	return part{text: s[:size]}, size
}

// run is the letter that s begins with, as often as it is there.
func run(s string) string { return s[:len(s)-len(strings.TrimLeft(s, s[:1]))] }

// instead says what may have been meant.
func instead(letters string) string {
	switch letters {
	case "[":
		return "; a ] has to follow"
	case "yyyy", "yy":
		return "; write " + strings.ToUpper(letters) + " for the year"
	case "dd", "d":
		return "; write " + strings.ToUpper(letters) + " for the day, or ddd for its name"
	case "tt", "t":
		return "; write A for AM and PM"
	}
	return "; put text into [brackets]"
}
