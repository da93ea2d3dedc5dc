package httpcard

import (
	"strings"

	"flowdeck/cards"
)

// broken names an answer that is not HTTP as it should be. The standard library
// tells these apart by their words alone.
func broken(host string, err error) (code, message string) {
	said := err.Error()
	switch {
	case strings.Contains(said, "1xx informational responses"):
		return cards.CodeTooMany1xx, host + " kept sending interim answers (1xx) and no final one"
	case strings.Contains(said, "response headers exceeded"), strings.Contains(said, "response header list larger"):
		return cards.CodeTooLarge, host + " sent more than 1 MiB of headers, which is the most that is taken"
	case strings.HasPrefix(said, "failed to parse Location header"):
		return cards.CodeBadRedirect, host + " redirects to something that is no address"
	case strings.Contains(said, "unsupported protocol scheme"):
		return cards.CodeBadRedirect, host + " redirects to an address that begins neither with http:// nor with https://"
	case strings.Contains(said, `malformed HTTP response "\x15\x03`):
		return cards.CodeTLSPlain, "no safe connection to " + host + ": it speaks TLS there; begin the address with https://"
	}
	return cards.CodeBadHTTP, host + " did not answer as HTTP asks for: " + short(err)
}
