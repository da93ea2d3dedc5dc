package httpcard

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"flowdeck/cards/schema"
)

// address returns the URL that text and query spell, with lists in the query written
// in that style. The error is schema.Problems.
func address(text string, query map[string]any, style string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if err != nil {
		return nil, wrongURL("cannot be read as an address: " + cause(err) + "; check for spaces and stray characters")
	}
	switch {
	case u.User != nil:
		return nil, wrongURL("must not hold a user name or password; put them in a connection of type Basic")
	case u.Scheme == "":
		return nil, wrongURL("must begin with https:// or http://, got " + schema.Describe(text))
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, wrongURL("must begin with https:// or http://, got " + strconv.Quote(u.Scheme+":"))
	case u.Hostname() == "":
		return nil, wrongURL("has no host; write it as https://host/path")
	case !goodPort(u.Port()):
		return nil, wrongURL("has the port " + u.Port() + "; ports go from 1 to 65535")
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	more, err := encodePairs("query", style, query)
	if err != nil {
		return nil, err
	}
	switch {
	case u.RawQuery == "":
		u.RawQuery = more
	case more != "":
		u.RawQuery = strings.TrimSuffix(u.RawQuery, "&") + "&" + more
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

func wrongURL(message string) error { return schema.Problems{{Field: "url", Message: message}} }

// cause is why an address cannot be read, without the address: it may hold secrets.
func cause(err error) string {
	var wrong *url.Error
	var escape url.EscapeError
	var host url.InvalidHostError
	switch {
	case errors.As(err, &escape):
		return "a % must be followed by two hexadecimal digits"
	case errors.As(err, &host):
		return "the host has a character that hosts cannot have"
	case errors.As(err, &wrong):
		if before, _, found := strings.Cut(wrong.Err.Error(), `"`); found {
			return strings.TrimRight(before, ": ")
		}
		return wrong.Err.Error()
	}
	return "it is malformed"
}

func goodPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 1 && n <= 65535
}

// escapeQuery escapes what may not stand in a query and leaves the rest as it was written.
func escapeQuery(q string) string {
	if strings.IndexFunc(q, mustEscape) < 0 {
		return q
	}
	var b strings.Builder
	for _, c := range []byte(q) {
		if mustEscape(rune(c)) {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func mustEscape(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"<>\^`+"`{|}", r) }

// texts returns the one or several texts of a header value.
func texts(field string, v any) ([]string, error) {
	if v == nil {
		return nil, nil
	}
	if s, ok := schema.ToText(v); ok {
		return []string{s}, nil
	}
	list, isList := v.([]any)
	if !isList {
		return nil, schema.Problems{{Field: field, Message: "must be text or a list of texts, got " + schema.Describe(v)}}
	}
	all := make([]string, 0, len(list))
	for i, e := range list {
		if e == nil {
			continue
		}
		s, ok := schema.ToText(e)
		if !ok {
			return nil, schema.Problems{{Field: field + "." + strconv.Itoa(i), Message: "must be text, got " + schema.Describe(e)}}
		}
		all = append(all, s)
	}
	return all, nil
}
