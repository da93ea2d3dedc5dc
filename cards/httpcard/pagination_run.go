package httpcard

import (
	"context"
	"crypto/sha256"
	"errors"
	"strconv"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// pages asks for one page after the other.
type pages struct {
	paging
	first   request
	content *content // what is sent with each page; nil when nothing is
	out     pagedResponse
	size    int64          // bytes of all pages so far
	next    any            // the link, cursor, number or offset of the page to come; nil before the first
	seen    map[string]int // links and cursors, by the page that had them
	last    [sha256.Size]byte
}

// sendPages makes the request, or one after the other when its answer comes in pages.
func sendPages(ctx context.Context, env cards.Env, r request, p paging, c *content) (pagedResponse, error) {
	if !p.on() {
		out, err := send(ctx, env, r)
		return pagedResponse{response: out}, err
	}
	r.Idempotency = "off" // each page is another request; one key would get the first page again and again
	ctx, cancel := context.WithTimeout(ctx, r.whole(env.Timeout))
	defer cancel()
	all := pages{paging: p, first: r, content: c, seen: map[string]int{}, out: pagedResponse{Items: []any{}, More: false}}
	for {
		done, err := all.page(ctx, env)
		if err != nil {
			return pagedResponse{}, all.stopped(err)
		}
		if done {
			return all.out, nil
		}
	}
}

// page asks for one page and takes it in.
func (p *pages) page(ctx context.Context, env cards.Env) (done bool, err error) {
	r, err := p.request()
	if err != nil {
		return true, err
	}
	a, err := p.patiently(ctx, env, r)
	if err != nil {
		return true, err
	}
	if !a.ok() && p.out.Pages > 0 { // an accepted status such as 404 is how some say that there is no such page
		return true, nil
	}
	p.size += int64(len(a.data))
	if p.out.response, err = a.response(ctx, env, p.first.As); err != nil {
		return true, err
	}
	body := p.out.Body
	items, err := p.items(a.host, body, p.out.Pages == 0)
	if err != nil {
		return true, a.explained(err)
	}
	p.out.Pages++
	if p.stops(body) { // where the next page would be does not matter then: some repeat the one that was read
		return p.take(items, false), nil
	}
	more, err := p.advance(a, body, len(items))
	if err != nil {
		return true, a.explained(err)
	}
	return p.take(items, more), nil
}

// take adds the items of a page and reports whether it was the last to ask for.
func (p *pages) take(items []any, more bool) (done bool) {
	room := p.MaxItems - len(p.out.Items)
	p.out.Items = append(p.out.Items, items[:min(len(items), room)]...)
	full := len(items) > room || more && (len(items) == room || p.out.Pages >= p.MaxPages)
	p.out.More = full
	return full || !more
}

// patiently makes the request, and waits where the service says how long.
func (p *pages) patiently(ctx context.Context, env cards.Env, r request) (*answer, error) {
	if p.size > 0 {
		r.MaxSize = max(float64(r.most()-p.size), 1) / mib
	}
	for {
		a, err := exchange(ctx, env, r)
		var e *cards.Error
		if !errors.As(err, &e) {
			return a, err
		}
		if e.Code == cards.CodeTooLarge && p.size > 0 {
			e.Message = a.hostOr(r) + " sent more than " + sizeOf(p.first.most()) + " in all pages together, which is the most that this card takes"
		}
		deadline, _ := ctx.Deadline()
		if p.out.Pages == 0 || e.After <= 0 || e.Code != "http_429" && e.Code != "http_503" || time.Until(deadline) <= e.After {
			return nil, err
		}
		timer := time.NewTimer(e.After)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, err
		}
	}
}

// hostOr is the host of an answer, or of the request when there is none.
func (a *answer) hostOr(r request) string {
	if a != nil {
		return a.host
	}
	if u, err := address(r.URL, nil, ""); err == nil {
		return u.Host
	}
	return "the service"
}

// explained adds to an error of ours the answer that it is about.
func (a *answer) explained(err error) error {
	var e *cards.Error
	if errors.As(err, &e) && e.Details == nil {
		return a.detail(e)
	}
	return err
}

// stopped adds to a failure how far it got, so that a later try can go on from there.
func (p *pages) stopped(err error) error {
	e := cards.ErrorOf(err)
	if _, isInput := err.(schema.Problems); isInput || p.out.Pages == 0 {
		return err
	}
	if e.Details == nil {
		e.Details = schema.Values{}
	}
	e.Details["pages"], e.Details["items"], e.Details["next"] = int64(p.out.Pages), int64(len(p.out.Items)), p.next
	e.Message += " (after " + strconv.Itoa(p.out.Pages) + " pages)"
	return e
}
