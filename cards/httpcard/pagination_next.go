package httpcard

import (
	"crypto/sha256"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// request is the request for the page that comes next.
func (p *pages) request() (request, error) {
	r := p.first
	add := map[string]any{}
	if p.LimitParam != "" && p.Pagination != "link" {
		add[p.LimitParam] = int64(p.PageSize)
	}
	switch p.Pagination {
	case "link":
		if link, ok := p.next.(string); ok {
			if !sameAuthority(link, r.URL) { // a redirect led away before, and took no header along either
				r.Headers = plainHeaders(r.Headers)
			}
			r.URL, r.Query = link, nil
		}
	case "cursor":
		if p.next != nil && p.CursorIn == "body" {
			return p.withBodyKey(r, add)
		}
		if p.next != nil {
			add[p.CursorParam] = p.next
		}
	case "page":
		if p.next == nil {
			p.next = int64(p.FirstPage)
		}
		add[p.PageParam] = p.next
	case "offset":
		if p.next == nil {
			p.next = int64(0)
		}
		add[p.OffsetParam] = p.next
	}
	r.Query = merged(r.Query, add)
	return r, nil
}

func sameAuthority(a, b string) bool {
	x, err1 := url.Parse(a)
	y, err2 := url.Parse(strings.TrimSpace(b))
	return err1 == nil && err2 == nil && strings.EqualFold(x.Host, y.Host)
}

// sameHost reports whether two addresses are at one host and port, however those are written.
func sameHost(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

// plainHeaders are those of headers that carry no credential: nobody knows which of
// the others do.
func plainHeaders(headers map[string]any) map[string]any {
	plain := map[string]any{}
	for name, v := range headers {
		switch http.CanonicalHeaderKey(strings.TrimSpace(name)) {
		case "Accept", "Accept-Language", "Content-Type", "User-Agent":
			plain[name] = v
		}
	}
	return plain
}

func merged(query, add map[string]any) map[string]any {
	if len(add) == 0 {
		return query
	}
	all := maps.Clone(query)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, add)
	return all
}

// withBodyKey puts the cursor into the body.
func (p *pages) withBodyKey(r request, query map[string]any) (request, error) {
	if p.content == nil {
		return r, schema.Problems{{Field: "cursor_in", Message: "cannot be the body: this card sends none; choose Query"}}
	}
	c, add := *p.content, map[string]any{p.CursorParam: p.next}
	body, isObject := c.Body.(map[string]any)
	switch {
	case c.BodyType == "form":
		c.Form = merged(c.Form, add)
	case c.BodyType == "json" && (isObject || c.Body == nil):
		c.Body = merged(body, add)
	default:
		return r, schema.Problems{{Field: "cursor_in", Message: "can be the body only when that is a JSON object or a form; choose Query"}}
	}
	r.Query = merged(r.Query, query)
	return withBody(r, c)
}

// advance finds out where the page after this one is; false when there is none.
func (p *pages) advance(a *answer, body any, items int) (more bool, err error) {
	switch p.Pagination {
	case "link":
		return p.advanceLink(a, body)
	case "cursor":
		return p.advanceCursor(a, body, items)
	}
	if items == 0 {
		return false, nil
	}
	sum := sha256.Sum256(a.data)
	if sum == p.last {
		return false, &cards.Error{Code: cards.CodePageLoop, Message: a.host + " sent the same page again: it does not heed the number of the page"}
	}
	p.last = sum
	step := 1
	if p.Pagination == "offset" {
		step = items
	}
	at, _ := p.next.(int64)
	p.next = at + int64(step)
	return true, nil
}

func (p *pages) advanceLink(a *answer, body any) (bool, error) {
	found := any(nextLink(a.raw))
	if len(p.NextPath.keys) > 0 {
		found = p.NextPath.in(body)
	}
	link, isText := found.(string)
	switch {
	case found == nil, found == "", found == false:
		return false, nil
	case !isText:
		return false, &cards.Error{Code: cards.CodeInvalidResponse, Message: "the next link of " + a.host + " is " + schema.Describe(found) + ", not an address"}
	}
	to, err := url.Parse(link)
	if err != nil || a.url == nil {
		return false, &cards.Error{Code: cards.CodeInvalidResponse, Message: "the next link of " + a.host + " is no address"}
	}
	to = a.url.ResolveReference(to)
	if sameHost(to, a.url) {
		to.Host = a.url.Host
	}
	if to.Host != a.url.Host || to.Scheme != a.url.Scheme && to.Scheme != "https" || to.User != nil {
		return false, &cards.Error{Code: cards.CodePageElsewhere, Message: "the next link of " + a.host + " leads to another host, " + text(to.Scheme+"://"+to.Host) + ", where this card does not follow it"}
	}
	if to.Scheme == "http" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(p.first.URL)), "https:") {
		return false, &cards.Error{Code: cards.CodePageElsewhere, Message: "the next link of " + a.host + " leads to http://" + text(to.Host) + ", where what this card sends would not be encrypted, so it does not follow it"}
	}
	to.Fragment = ""
	p.remember(a.url.String())
	p.next = to.String()
	return true, p.guard(a, to.String(), "next link")
}

func (p *pages) advanceCursor(a *answer, body any, items int) (bool, error) {
	found := p.CursorPath.in(body)
	cursor, ok := schema.ToText(found)
	switch {
	case found == nil, found == "", found == false:
		return false, nil
	case !ok:
		return false, &cards.Error{Code: cards.CodeInvalidResponse, Message: "the cursor of " + a.host + " is " + schema.Describe(found) + ", not text or a number"}
	case items == 0 && p.seen[cursor] > 0: // some repeat the last cursor when nothing is left
		return false, nil
	}
	p.next = found
	return true, p.guard(a, cursor, "cursor")
}

// remember notes a page that was read.
func (p *pages) remember(at string) {
	if p.seen[at] == 0 {
		p.seen[at] = p.out.Pages
	}
}

// guard refuses what was the next page before.
func (p *pages) guard(a *answer, at, what string) error {
	if page := p.seen[at]; page > 0 {
		return &cards.Error{Code: cards.CodePageLoop, Message: "the " + what + " of " + a.host + " leads back to what followed page " + strconv.Itoa(page) + ": the pages go round in circles"}
	}
	p.seen[at] = p.out.Pages
	return nil
}
