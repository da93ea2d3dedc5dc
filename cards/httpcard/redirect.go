package httpcard

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"flowdeck/cards"
)

// do is following(base, limit).Do. Of what a client does beside its transport, only
// redirects matter to cards, and hardly any answer is one.
func do(base *http.Client, r *http.Request, limit int) (*http.Response, error) {
	if base.Transport == nil || base.Jar != nil || base.Timeout != 0 {
		return following(base, limit).Do(r)
	}
	res, err := base.Transport.RoundTrip(r)
	if err != nil {
		var wrong tls.RecordHeaderError
		if errors.As(err, &wrong) && string(wrong.RecordHeader[:]) == "HTTP/" {
			err = http.ErrSchemeMismatch
		}
		return nil, &url.Error{Op: r.Method, URL: r.URL.Redacted(), Err: err}
	}
	if !redirects(res.StatusCode) {
		return res, nil
	}
	client := following(base, limit)
	client.Transport = &begun{base.Transport, res}
	return client.Do(r)
}

// begun is a transport whose first answer is there already.
type begun struct {
	http.RoundTripper
	first *http.Response
}

// RoundTrip implements http.RoundTripper.
func (b *begun) RoundTrip(r *http.Request) (*http.Response, error) {
	if res := b.first; res != nil {
		b.first = nil
		return res, nil
	}
	return b.RoundTripper.RoundTrip(r)
}

// following returns a client that follows at most limit redirects as RFC 9110,
// section 15.4 has it, and does all else like base.
func following(base *http.Client, limit int) *http.Client {
	client := *base
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		err := leadsOn(next, via, limit)
		if err == nil {
			err = keepMethod(next, via)
		}
		var theirs error
		if base.CheckRedirect != nil { // asked in any case, for it also cleans the answer that may be shown
			theirs = base.CheckRedirect(next, via)
		}
		switch {
		case limit == 0:
			return http.ErrUseLastResponse
		case err != nil:
			return err
		}
		return theirs
	}
	return &client
}

// leadsOn refuses redirects that are too many, or come to an address for the third
// time: nothing is kept between the hops, so that they would go on for ever.
func leadsOn(next *http.Request, via []*http.Request, limit int) error {
	from, seen := via[len(via)-1].URL.Host, 0
	for _, hop := range via {
		if hop.Method == next.Method && *hop.URL == *next.URL {
			seen++
		}
	}
	switch {
	case seen > 1:
		return &cards.Error{Code: cards.CodeRedirectLoop, Message: from + " redirects round in circles: " + hops(next, via)}
	case len(via) > limit:
		return &cards.Error{Code: cards.CodeTooManyRedirects, Message: fmt.Sprintf("%s redirects once more after %d redirects, which is the most that this card follows: %s", from, limit, hops(next, via))}
	}
	return nil
}

const shownHops = 5

// hops names the last few addresses of a chain, without their queries.
func hops(next *http.Request, via []*http.Request) string {
	var list []string
	if len(via) >= shownHops {
		list, via = append(list, "…"), via[len(via)-shownHops+1:]
	}
	for _, r := range append(via[:len(via):len(via)], next) {
		list = append(list, text(r.URL.Scheme+"://"+r.URL.Host+r.URL.EscapedPath()))
	}
	return strings.Join(list, " → ")
}

// keepMethod undoes what net/http does to methods other than POST at 301 and 302: a
// PUT that became a GET would look as if it had succeeded. A method that stays keeps
// its body.
func keepMethod(next *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	if status := next.Response.StatusCode; (status == http.StatusMovedPermanently || status == http.StatusFound) && last.Method != http.MethodPost {
		next.Method = last.Method
	}
	first := via[0]
	if next.Method != last.Method || last.Body == nil || first.GetBody == nil || next.Body != nil || next.Response.StatusCode == http.StatusSeeOther {
		return nil
	}
	body, err := first.GetBody()
	if err != nil {
		return err
	}
	next.Body, next.GetBody, next.ContentLength = body, first.GetBody, first.ContentLength
	for _, name := range []string{"Content-Type", "Content-Language", "Content-Encoding", "Content-Location"} {
		if values, ok := first.Header[name]; ok {
			next.Header[name] = values
		}
	}
	return nil
}

// redirects reports whether a status is a redirect that clients follow.
func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}
