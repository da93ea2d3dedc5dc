package date

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// The ways to write a date that cannot be taken for another one: ISO 8601 (and RFC 3339)
// with T or a blank, and those of mail and HTTP (RFC 5322, RFC 9110).
var known = layouts(
	"YYYY-MM-DD[T]HH:mm:ss.SZ", "YYYY-MM-DD[T]HH:mm:ssZ", "YYYY-MM-DD[T]HH:mmZ", "YYYY-MM-DD[T]HH:mm:ss.S", "YYYY-MM-DD[T]HH:mm:ss", "YYYY-MM-DD[T]HH:mm",
	"YYYY-MM-DD HH:mm:ss.SZ", "YYYY-MM-DD HH:mm:ssZ", "YYYY-MM-DD HH:mm:ss.S Z", "YYYY-MM-DD HH:mm:ss Z", "YYYY-MM-DD HH:mm Z", "YYYY-MM-DD HH:mm:ss.S", "YYYY-MM-DD HH:mm:ss", "YYYY-MM-DD HH:mm",
	"YYYY-MM-DD", "YYYY-MM", "YYYYMMDD", "YYYY/MM/DD", "YYYY/MM/DD HH:mm:ss", "YYYYMMDD[T]HHmmssZ", "YYYYMMDD[T]HHmmss", "GGGG-[W]WW-E", "GGGG-[W]WW", "YYYY-DDDD",
	"ddd, D MMM YYYY HH:mm:ss Z", "D MMM YYYY HH:mm:ss Z", "ddd, D MMM YYYY HH:mm Z", "dddd, DD-MMM-YY HH:mm:ss Z", "ddd MMM D HH:mm:ss YYYY", "ddd MMM DD YYYY HH:mm:ss [GMT]ZZ",
	"MMMM D, YYYY", "MMM D, YYYY", "D MMMM YYYY", "D MMM YYYY", "MMMM Do, YYYY", "MMMM D, YYYY h:mm A", "MMM D, YYYY h:mm A", "MMMM D, YYYY HH:mm", "dddd, MMMM D, YYYY h:mm A",
)

func layouts(formats ...string) (list [][]part) {
	for _, f := range formats {
		layout, err := layoutOf("", f)
		if err != nil {
			panic(err)
		}
		list = append(list, layout)
	}
	return list
}

// guess reads a date whose format nobody told.
func guess(text string, zone *time.Location) (time.Time, error) {
	text = strings.Join(strings.Fields(text), " ")
	if at, ok := instant(text); ok {
		if zone == nil {
			zone = time.UTC
		}
		return fitting(at.In(zone))
	}
	var nearest error
	for _, layout := range known {
		t, err := read(text, layout, zone)
		if err == nil {
			return t, nil
		}
		if !strings.HasPrefix(err.Error(), "does not fit") {
			nearest = err
		}
	}
	if nearest == nil {
		nearest = errors.New("is not a date that is written in only one way, such as 2026-03-01T09:30:00Z; say its format")
	}
	return time.Time{}, nearest
}

// instant reads seconds or milliseconds since 1970: up to 11 digits are seconds.
func instant(text string) (time.Time, bool) {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) < 9 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return time.Time{}, false
	}
	n, _ := strconv.ParseInt(text, 10, 64)
	if len(digits) > 11 {
		return time.UnixMilli(n), true
	}
	return time.Unix(n, 0), true
}
