package web

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"flowdeck/cards/schema"
)

// literal is a stored value as a field shows it: text as it is, the rest as JSON.
func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	data, err := schema.EncodeJSON(v)
	if err != nil {
		return ""
	}
	return string(data)
}

// sampleLength is how much of a value a card shows, in characters.
const sampleLength = 60

// sample is a value in a few words: "active", "9 keys".
func sample(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case map[string]any:
		return strconv.Itoa(len(v)) + plural(len(v), " key", " keys")
	case []any:
		return strconv.Itoa(len(v)) + plural(len(v), " item", " items")
	case json.Number:
		return v.String()
	}
	text := literal(v)
	if most := 4 * utf8.UTFMax * sampleLength; len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	text = firstLine(text)
	if utf8.RuneCountInString(text) > sampleLength {
		text = string([]rune(text)[:sampleLength]) + "…"
	}
	return text
}

// clock is a time of day, or a date when it is not today's.
func clock(t time.Time) string {
	now := time.Now()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Local().Format("15:04")
	}
	return t.Local().Format("2 Jan 15:04")
}

// took is a duration with as many digits as a person needs.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return strconv.FormatInt(d.Microseconds(), 10) + " µs"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	d = d.Round(time.Second)
	switch {
	case d < time.Hour:
		return tookBoth(int(d/time.Minute), "min", int(d%time.Minute/time.Second), "s")
	case d < 48*time.Hour:
		return tookBoth(int(d/time.Hour), "h", int(d%time.Hour/time.Minute), "min")
	}
	return tookBoth(int(d/(24*time.Hour)), "days", int(d%(24*time.Hour)/time.Hour), "h")
}

// tookBoth is a number of units and of the smaller ones that are left: "1 min", "2 h 5 min".
func tookBoth(n int, unit string, rest int, smaller string) string {
	text := strconv.Itoa(n) + " " + unit
	if rest > 0 {
		text += " " + strconv.Itoa(rest) + " " + smaller
	}
	return text
}

// lowerFirst is a label inside a sentence.
func lowerFirst(s string) string {
	if strings.HasPrefix(s, "http") {
		return s // an address is written as it is
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[size:]
}

// index reads an index as templates write it: from the end when negative.
func index(text string, n int) (int, bool) {
	i, err := strconv.Atoi(strings.TrimSpace(text))
	if i < 0 {
		i += n
	}
	return i, err == nil && i >= 0 && i < n
}

func upperFirst(s string) string {
	if strings.HasPrefix(s, "http") {
		return s // an address is written as it is
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// ago is how long something is past.
func ago(d time.Duration) string {
	switch {
	case d < 5*time.Second:
		return "just now"
	case d < time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s ago"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min ago"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h ago"
	}
	return strconv.Itoa(int(d.Hours()/24)) + " days ago"
}

// byteWords is a size as people say it.
func byteWords(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1000_000:
		return strconv.FormatFloat(float64(n)/1000, 'f', 1, 64) + " KB"
	}
	return strconv.FormatFloat(float64(n)/1000_000, 'f', 1, 64) + " MB"
}

// thousands writes a number in groups: "100,000".
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
