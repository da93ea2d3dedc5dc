package web

import (
	"strconv"
	"strings"
	"time"
)

// mostPreferred bounds what a caller may ask to wait; who answers has lesser bounds.
const mostPreferred = 24 * time.Hour

// preferences are those of a caller that we know (RFC 7240).
type preferences struct {
	async bool          // respond-async
	wait  time.Duration // wait=10; 0: not said
}

// preferred reads the Prefer headers of a request. Of a preference that is there twice the
// first counts; those that are not understood count as not there.
func preferred(headers []string) (p preferences) {
	for _, header := range headers {
		for header != "" {
			var one string
			one, header = cutUnquoted(header, ',')
			one, _ = cutUnquoted(one, ';') // parameters of a preference: we know none that has any
			name, value, _ := strings.Cut(one, "=")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "respond-async":
				p.async = true
			case "wait":
				if n, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`)); err == nil && n > 0 && p.wait == 0 {
					p.wait = time.Duration(min(int64(n), int64(mostPreferred/time.Second))) * time.Second
				}
			}
		}
	}
	return p
}

// cutUnquoted cuts text at the first separator that is not inside of quotes.
func cutUnquoted(text string, at byte) (before, after string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == at && !quoted:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}
