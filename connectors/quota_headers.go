package connectors

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// advised is what one answer says about limits.
type advised struct {
	pause time.Duration // asked for; 0: none
	known bool          // limit, left and reset were said
	limit int64         // 0 when not said
	left  int64         // -1 when not said
	reset time.Time     // zero when not said
}

// speaks reports whether res says anything about limits, without reading what.
func speaks(res *http.Response) bool {
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		return true
	}
	h := res.Header
	if res.StatusCode == http.StatusForbidden && h["Retry-After"] != nil {
		return true
	}
	for _, f := range quotaHeaders {
		if h[f.left] != nil {
			return true
		}
	}
	return h["Ratelimit"] != nil
}

// quotaHeaders are the spellings there are, in canonical form; the first one that is
// there counts.
var quotaHeaders = []struct{ limit, left, reset, resetAfter string }{
	{"Ratelimit-Limit", "Ratelimit-Remaining", "Ratelimit-Reset", ""},                                  // older drafts of the IETF
	{"X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset", "X-Ratelimit-Reset-After"},     // GitHub, Discord
	{"X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset", ""},                         // Okta, X
	{"X-Ratelimit-Limit-Requests", "X-Ratelimit-Remaining-Requests", "X-Ratelimit-Reset-Requests", ""}, // with a quota of tokens beside it
	{"X-Ratelimit-Requests-Limit", "X-Ratelimit-Requests-Remaining", "X-Ratelimit-Requests-Reset", ""}, // gateways
	{"X-Ratelimit-Limit-Second", "X-Ratelimit-Remaining-Second", "", ""},                               // Kong, by the second
	{"X-Ratelimit-Limit-Minute", "X-Ratelimit-Remaining-Minute", "", ""},                               // Kong, by the minute
}

// advice reads the headers of res.
func advice(res *http.Response, now time.Time) advised {
	h := res.Header
	clock := clockOf(h, now)
	a := advised{left: -1}
	stopped := res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable
	if stopped || res.StatusCode == http.StatusForbidden {
		a.pause = pauseOf(h, clock)
	}
	switch {
	case a.fromStructured(h, now):
	case a.fromFields(h, now, clock):
	}
	if res.StatusCode == http.StatusTooManyRequests && a.known && a.left > 0 {
		a.left = 0 // a 429 knows better
	}
	if a.known && a.left == 0 && a.reset.IsZero() {
		a.known = false // nobody says until when
	}
	return a
}

// clockOf is the service's own clock: of the dates that it names, what counts is how far
// they are from that.
func clockOf(h http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		return date
	}
	return now
}

// pauseOf reads Retry-After (RFC 9110, section 10.2.3): seconds or a date; and its
// relatives in milliseconds.
func pauseOf(h http.Header, clock time.Time) time.Duration {
	for _, name := range []string{"Retry-After-Ms", "X-Ms-Retry-After-Ms"} {
		if ms, err := strconv.ParseFloat(strings.TrimSpace(h.Get(name)), 64); err == nil && ms > 0 && ms < 1e12 {
			return time.Duration(ms * float64(time.Millisecond))
		}
	}
	text := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return fromSeconds(n)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(clock), 0)
	}
	return 0
}

func fromSeconds(n float64) time.Duration {
	if math.IsNaN(n) || n <= 0 {
		return 0
	}
	return time.Duration(min(n, 366*24*3600) * float64(time.Second))
}

// fromFields reads limit, remaining and reset from headers of their own.
func (a *advised) fromFields(h http.Header, now, clock time.Time) bool {
	for _, f := range quotaHeaders {
		left, ok := whole(h.Get(f.left))
		if !ok {
			continue
		}
		a.known, a.left = true, left
		a.limit, _ = whole(h.Get(f.limit))
		switch {
		case f.resetAfter != "" && h.Get(f.resetAfter) != "":
			if n, err := strconv.ParseFloat(h.Get(f.resetAfter), 64); err == nil {
				a.reset = now.Add(fromSeconds(n))
			}
		case strings.HasSuffix(f.left, "-Second"):
			a.reset = now.Add(time.Second)
		case strings.HasSuffix(f.left, "-Minute"):
			a.reset = now.Add(time.Minute)
		default:
			a.reset = resetOf(h.Get(f.reset), now, clock)
		}
		return true
	}
	return false
}

// resetOf reads a reset as services write it: seconds from now, seconds or
// milliseconds since 1970, a duration such as 6m0s, or a date.
func resetOf(text string, now, clock time.Time) time.Time {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		switch {
		case math.IsNaN(n) || n < 0 || n > 1e14:
			return time.Time{}
		case n > 1e11:
			return now.Add(time.UnixMilli(int64(n)).Sub(clock))
		case n > 1e8:
			return now.Add(time.Unix(int64(n), 0).Sub(clock))
		}
		return now.Add(fromSeconds(n))
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(min(d, longestAsked*366))
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return now.Add(at.Sub(clock))
	}
	if at, err := http.ParseTime(text); err == nil {
		return now.Add(at.Sub(clock))
	}
	return time.Time{}
}

// whole reads a number that may have others behind it: "100, 100;w=60".
func whole(text string) (int64, bool) {
	text, _, _ = strings.Cut(text, ",")
	text, _, _ = strings.Cut(text, ";")
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || n < 0 || n > 1e15 {
		return 0, false
	}
	return int64(n), true
}

// fromStructured reads RateLimit and RateLimit-Policy as structured fields
// (draft-ietf-httpapi-ratelimit-headers): of several quotas, the one that is
// nearest to its end. Older drafts write limit=100, remaining=50, reset=5.
func (a *advised) fromStructured(h http.Header, now time.Time) bool {
	policies := map[string]int64{}
	for _, item := range items(h.Values("RateLimit-Policy")) {
		if q, ok := whole(item.params["q"]); ok {
			policies[item.name] = q
		}
	}
	for _, item := range items(h.Values("RateLimit")) {
		left, ok := whole(item.params["r"])
		if !ok || a.known && left >= a.left {
			continue
		}
		a.known, a.left, a.limit, a.reset = true, left, policies[item.name], time.Time{}
		if t, err := strconv.ParseFloat(item.params["t"], 64); err == nil {
			a.reset = now.Add(fromSeconds(t))
		}
	}
	if a.known {
		return true
	}
	old := map[string]string{}
	for _, item := range items(h.Values("RateLimit")) {
		if name, value, ok := strings.Cut(item.name, "="); ok {
			old[strings.TrimSpace(name)] = value
		}
	}
	left, ok := whole(old["remaining"])
	if !ok {
		return false
	}
	a.known, a.left = true, left
	a.limit, _ = whole(old["limit"])
	a.reset = resetOf(old["reset"], now, now)
	return true
}

// item is one member of a structured list (RFC 9651): a name and its parameters.
type item struct {
	name   string
	params map[string]string
}

// items reads lists of at most 16 items.
func items(values []string) (list []item) {
	for _, v := range values {
		for member := range quoteSplit(v, ',') {
			x := item{params: map[string]string{}}
			for part := range quoteSplit(member, ';') {
				part = strings.TrimSpace(part)
				if x.name == "" {
					x.name = strings.Trim(part, `"`)
					continue
				}
				name, value, _ := strings.Cut(part, "=")
				x.params[strings.ToLower(strings.TrimSpace(name))] = strings.Trim(strings.TrimSpace(value), `"`)
			}
			if list = append(list, x); len(list) == 16 {
				return list
			}
		}
	}
	return list
}

// quoteSplit cuts s at every sep that is not inside of quotes.
func quoteSplit(s string, sep byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i <= len(s); i++ {
			switch {
			case i == len(s) || s[i] == sep && !quoted:
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			case s[i] == '\\' && quoted && i+1 < len(s):
				i++
			case s[i] == '"':
				quoted = !quoted
			}
		}
	}
}
