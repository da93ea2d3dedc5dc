package date

import (
	"fmt"
	"strconv"
	"time"
)

// write writes t by a format.
func write(t time.Time, layout []part) string {
	var b []byte
	for _, p := range layout {
		if p.token == "" {
			b = append(b, p.text...)
			continue
		}
		b = appendToken(b, t, p.token)
	}
	return string(b)
}

func appendToken(b []byte, t time.Time, token string) []byte {
	switch token {
	case "MMMM":
		return append(b, t.Month().String()...)
	case "MMM":
		return append(b, t.Month().String()[:3]...)
	case "dddd":
		return append(b, t.Weekday().String()...)
	case "ddd":
		return append(b, t.Weekday().String()[:3]...)
	case "Do":
		b = strconv.AppendInt(b, int64(t.Day()), 10)
		return append(b, ordinal(t.Day())...)
	case "A":
		return t.AppendFormat(b, "PM")
	case "a":
		return t.AppendFormat(b, "pm")
	case "Z":
		return t.AppendFormat(b, "-07:00")
	case "ZZ":
		return t.AppendFormat(b, "-0700")
	case "z":
		if name, _ := t.Zone(); name != "" {
			return append(b, name...)
		}
		return t.AppendFormat(b, "-07:00")
	case "X":
		return strconv.AppendInt(b, t.Unix(), 10)
	case "x":
		return strconv.AppendInt(b, t.UnixMilli(), 10)
	case "YY":
		return padded(b, t.Year()%100, 2)
	}
	if token[0] == 'S' {
		return append(b, fmt.Sprintf("%09d", t.Nanosecond())[:len(token)]...)
	}
	width := len(token)
	if token == "DDDD" {
		width = 3
	} else if token == "DDD" {
		width = 1
	}
	return padded(b, numberOf(t, token), width)
}

// numberOf returns what a token of digits stands for.
func numberOf(t time.Time, token string) int {
	switch token {
	case "YYYY":
		return t.Year()
	case "GGGG":
		year, _ := t.ISOWeek()
		return year
	case "WW", "W":
		_, week := t.ISOWeek()
		return week
	case "MM", "M":
		return int(t.Month())
	case "DD", "D":
		return t.Day()
	case "DDDD", "DDD":
		return t.YearDay()
	case "E":
		return isoWeekday(t)
	case "Q":
		return (int(t.Month()) + 2) / 3
	case "HH", "H":
		return t.Hour()
	case "hh", "h":
		return (t.Hour()+11)%12 + 1
	case "mm", "m":
		return t.Minute()
	}
	return t.Second()
}

func isoWeekday(t time.Time) int { return int(t.Weekday()+6)%7 + 1 }

func padded(b []byte, n, width int) []byte {
	s := strconv.Itoa(n)
	for range width - len(s) {
		b = append(b, '0')
	}
	return append(b, s...)
}

func ordinal(day int) string {
	switch {
	case day%10 == 1 && day != 11:
		return "st"
	case day%10 == 2 && day != 12:
		return "nd"
	case day%10 == 3 && day != 13:
		return "rd"
	}
	return "th"
}
