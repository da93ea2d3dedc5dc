package date

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"flowdeck/cards/schema"
)

// fields are what a text said of a date; -1 where it said nothing.
type fields struct {
	year, month, day, yearDay, quarter int
	weekYear, week, weekday            int
	hour, hour12, minute, second, nano int
	pm                                 int // 0 AM, 1 PM
	zone                               *time.Location
	at                                 *time.Time // an instant, which says it all
}

func noFields() fields {
	return fields{year: -1, month: -1, day: -1, yearDay: -1, quarter: -1, weekYear: -1, week: -1, weekday: -1, hour: -1, hour12: -1, minute: -1, second: -1, nano: -1, pm: -1}
}

// read reads a text that was written by a format, in zone when it names none.
func read(text string, layout []part, zone *time.Location) (time.Time, error) {
	f := noFields()
	rest := text
	for _, p := range layout {
		var ok bool
		if p.token == "" {
			rest, ok = cutFold(rest, p.text)
		} else {
			rest, ok = f.take(p.token, rest)
		}
		if !ok {
			due := p.token
			if due == "" {
				due = strconv.Quote(p.text)
			}
			return time.Time{}, fmt.Errorf("does not fit the format: %s is due, but there is %s", due, schema.Describe(rest))
		}
	}
	if rest != "" {
		return time.Time{}, fmt.Errorf("does not fit the format: it ends before %s", schema.Describe(rest))
	}
	return f.date(zone)
}

// cutFold cuts text off the front, capital and small letters alike.
func cutFold(s, front string) (string, bool) {
	if len(s) < len(front) || !strings.EqualFold(s[:len(front)], front) {
		return s, false
	}
	return s[len(front):], true
}

// take reads a token off the front of s.
func (f *fields) take(token, s string) (rest string, ok bool) {
	switch token {
	case "MMMM", "MMM":
		n, rest, ok := name(s, 12, len(token) == 3, func(i int) string { return time.Month(i + 1).String() })
		f.month = n + 1
		return rest, ok
	case "dddd", "ddd":
		n, rest, ok := name(s, 7, len(token) == 3, func(i int) string { return time.Weekday((i + 1) % 7).String() })
		f.weekday = n + 1
		return rest, ok
	case "A", "a":
		for i, mark := range []string{"am", "pm"} {
			if rest, ok := cutFold(s, mark); ok {
				f.pm = i
				return rest, true
			}
		}
		return s, false
	case "Z", "ZZ", "z":
		return f.offset(s)
	case "X", "x":
		return f.instant(s, token == "x")
	case "Do":
		n, rest, ok := number(s, 1, 2)
		if f.day = n; !ok || len(rest) < 2 || !strings.EqualFold(rest[:2], ordinal(n)) {
			return s, false
		}
		return rest[2:], true
	}
	if token[0] == 'S' {
		digits := s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
		if digits == "" || len(digits) > 9 {
			return s, false
		}
		f.nano, _ = strconv.Atoi(digits + strings.Repeat("0", 9-len(digits)))
		return s[len(digits):], true
	}
	least, most := widths(token)
	n, rest, ok := number(s, least, most)
	if ok {
		f.set(token, n)
	}
	return rest, ok
}

// widths returns how many digits a token may have.
func widths(token string) (least, most int) {
	switch token {
	case "DDDD":
		return 3, 3
	case "DDD":
		return 1, 3
	case "E", "Q":
		return 1, 1
	}
	return len(token), max(2, len(token))
}

func (f *fields) set(token string, n int) {
	switch token {
	case "YYYY":
		f.year = n
	case "YY":
		if f.year = 2000 + n; n >= 69 {
			f.year = 1900 + n
		}
	case "GGGG":
		f.weekYear = n
	case "WW", "W":
		f.week = n
	case "MM", "M":
		f.month = n
	case "DD", "D":
		f.day = n
	case "DDDD", "DDD":
		f.yearDay = n
	case "E":
		f.weekday = n
	case "Q":
		f.quarter = n
	case "HH", "H":
		f.hour = n
	case "hh", "h":
		f.hour12 = n
	case "mm", "m":
		f.minute = n
	case "ss", "s":
		f.second = n
	}
}

// number reads so many digits.
func number(s string, least, most int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < most && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i >= least
}

// name reads one of count names, or its first three letters.
func name(s string, count int, short bool, of func(int) string) (n int, rest string, ok bool) {
	for i := range count {
		word := of(i)
		if short {
			word = word[:3]
		}
		if rest, ok := cutFold(s, word); ok {
			return i, rest, true
		}
	}
	return 0, s, false
}

func (f *fields) offset(s string) (string, bool) {
	for _, utc := range []string{"Z", "UTC", "GMT"} {
		if rest, ok := cutFold(s, utc); ok {
			f.zone = time.UTC
			return rest, true
		}
	}
	for _, length := range []int{6, 5, 3} {
		if len(s) < length {
			continue
		}
		if z, ok := fixed(s[:length]); ok {
			f.zone = z
			return s[length:], true
		}
	}
	return s, false
}

func (f *fields) instant(s string, milli bool) (string, bool) {
	digits := s[:len(s)-len(strings.TrimLeft(s, "-0123456789"))]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return s, false
	}
	at := time.Unix(n, 0)
	if milli {
		at = time.UnixMilli(n)
	}
	f.at = &at
	return s[len(digits):], true
}
