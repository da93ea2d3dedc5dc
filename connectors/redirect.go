package connectors

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// carries reports whether r may carry the credential. A first request elsewhere is
// an error; a redirect elsewhere goes on without it, and so does all that follows.
func (s *session) carries(r *http.Request) (bool, error) {
	if r.Response == nil {
		if !bound(s.hosts, r.URL) {
			return false, &SignInError{Connection: s.name, Message: s.onlyTo(r.URL)}
		}
		return true, nil
	}
	for hop := r; ; hop = hop.Response.Request {
		if !bound(s.hosts, hop.URL) {
			return false, nil
		}
		if hop.Response == nil || hop.Response.Request == nil {
			return true, nil
		}
		if hop.URL.Scheme == "http" && hop.Response.Request.URL.Scheme == "https" {
			return false, nil
		}
	}
}

// unsigned is a redirect elsewhere without query keys that carry the credential, in
// case the service wrote what it was sent into the new address.
func (s *session) unsigned(r *http.Request) *http.Request {
	h, ok := s.auth.(*header)
	if !ok || len(h.Query) == 0 || r.URL.RawQuery == "" {
		return r
	}
	q := r.URL.Query()
	dropped := false
	for _, p := range h.Query {
		dropped = dropped || q.Has(p.Name)
		q.Del(p.Name)
	}
	if !dropped {
		return r
	}
	bare := r.Clone(r.Context())
	bare.URL.RawQuery = q.Encode()
	return bare
}

func (s *session) onlyTo(u *url.URL) string {
	host := hostPort(u)
	if len(s.hosts) == 0 {
		return "it names no host yet, so its sign-in is sent nowhere: add " + host + " to the connection"
	}
	return fmt.Sprintf("its sign-in may only be sent to %s, not to %s: add the host to the connection, or use another connection", strings.Join(s.hosts, ", "), host)
}

// maxRedirects is how many redirects are followed at most; a card may want fewer.
const maxRedirects = 20

// RedirectError is a redirect that is not followed.
type RedirectError struct{ Code, Message string }

// Error is the message.
func (e *RedirectError) Error() string { return e.Message }

// CardCode is the code of the card error that this becomes.
func (e *RedirectError) CardCode() string { return e.Code }

// sensible refuses redirects that lead nowhere, or round in circles: nothing is kept
// between the hops, so whoever comes to an address for the third time comes again.
func sensible(r *http.Request, via []*http.Request) error {
	from := via[len(via)-1].URL.Host
	if r.URL.Scheme != "http" && r.URL.Scheme != "https" || r.URL.Hostname() == "" {
		return &RedirectError{"bad_redirect", from + " redirects to something that is no http:// or https:// address"}
	}
	seen := 0
	for _, hop := range via {
		if hop.Method == r.Method && *hop.URL == *r.URL {
			seen++
		}
	}
	switch {
	case seen > 1:
		return &RedirectError{"redirect_loop", from + " redirects round in circles"}
	case len(via) > maxRedirects:
		return &RedirectError{"too_many_redirects", fmt.Sprintf("%s redirects once more after %d redirects, which is the most that are followed", from, maxRedirects)}
	}
	return nil
}

// checkRedirect drops everything of the sender once a chain has left its first
// host, custom headers too: nobody knows which of them is a secret.
func checkRedirect(r *http.Request, via []*http.Request) error {
	if err := sensible(r, via); err != nil {
		return err
	}
	first := via[0].URL
	for _, hop := range append(via[1:len(via):len(via)], r) {
		if !sameHost(first, hop.URL) {
			for name := range r.Header {
				if !harmless[name] {
					r.Header.Del(name)
				}
			}
			r.URL.User = nil // who redirects does not choose who we are
			return nil
		}
	}
	if r.URL.User != nil && (first.User == nil || r.URL.User.String() != first.User.String()) {
		r.URL.User = nil
	}
	return nil
}

// sameHost allows the one change of port and scheme that makes things safer: http to https.
func sameHost(first, next *url.URL) bool {
	if asciiHost(first.Hostname()) != asciiHost(next.Hostname()) {
		return false
	}
	if first.Scheme == next.Scheme {
		return hostPort(first) == hostPort(next)
	}
	return next.Scheme == "https" && hostPort(first) == asciiHost(first.Hostname()) && hostPort(next) == asciiHost(next.Hostname())
}

var harmless = map[string]bool{"Accept": true, "Accept-Encoding": true, "Accept-Language": true, "Cache-Control": true,
	"Content-Type": true, "Content-Language": true, "Content-Encoding": true, "If-Match": true, "If-Modified-Since": true,
	"If-None-Match": true, "If-Unmodified-Since": true, "If-Range": true, "Range": true, "User-Agent": true,
	http.CanonicalHeaderKey("Idempotency-Key"): true}
