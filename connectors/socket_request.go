package connectors

import (
	"bufio"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"unicode"
)

// writeRequest writes a request that is simple. What has no body is written here, as
// net/http writes it; it would gather first what it needs for a body.
func writeRequest(w *bufio.Writer, r *http.Request, hooks *httptrace.ClientTrace) error {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	if hooks != nil || r.Method != http.MethodGet && r.Method != http.MethodHead || r.Body != nil && r.Body != http.NoBody ||
		r.Header["User-Agent"] == nil || r.URL.Opaque != "" || strings.ContainsFunc(r.URL.RawQuery, unicode.IsControl) || !plainHost(host) {
		return accepting(r).Write(w)
	}
	put := func(parts ...string) {
		for _, s := range parts {
			_, _ = w.WriteString(s) // the error comes again with Flush
		}
	}
	put(r.Method, " ")
	putTarget(w, r)
	put(" HTTP/1.1\r\nHost: ", host, "\r\n")
	var few [12]string
	names := few[:0]
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	if agent := strings.TrimSpace(r.Header.Get("User-Agent")); agent != "" {
		put("User-Agent: ", agent, "\r\n")
	}
	for _, name := range names {
		if name == "User-Agent" || name == "Host" || name == "Content-Length" || name == "Transfer-Encoding" || name == "Trailer" {
			continue
		}
		for _, v := range r.Header[name] {
			put(name, ": ", strings.TrimSpace(v), "\r\n")
		}
	}
	if !named(r) {
		put("Accept-Encoding: ", acceptEncoding, "\r\n")
	}
	put("\r\n")
	return nil
}

// putTarget writes the path and the query, or what stands for them.
func putTarget(w *bufio.Writer, r *http.Request) {
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	_, _ = w.WriteString(path)
	if r.URL.ForceQuery || r.URL.RawQuery != "" {
		_ = w.WriteByte('?')
		_, _ = w.WriteString(r.URL.RawQuery)
	}
}

// plainHost reports whether a host can be written as it is.
func plainHost(host string) bool {
	for _, c := range []byte(host) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == ':' || c == '_' || c == '[' || c == ']') {
			return false
		}
	}
	return host != ""
}
