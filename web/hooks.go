package web

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/webhook"
)

// hookPrefix is where webhooks are delivered; the flow's alias follows.
const hookPrefix = "/hooks/"

// deliveriesKept is how long a delivery is known again.
const deliveriesKept = webhook.Kept * 24 * time.Hour

// takeDelivery takes a delivery for the flow of that alias: once it is in the journal, its
// sender is answered, and the flow runs after that.
func (s *Server) takeDelivery(w http.ResponseWriter, r *http.Request, alias string) error {
	ep, hook, err := s.hookAt(r.Context(), alias)
	switch {
	case notFound(err):
		return noHook()
	case err != nil:
		return err
	case !ep.On:
		return ep.off(noHook())
	case r.Method != http.MethodPost:
		return wrongMethod(r.Method, http.MethodPost)
	}
	room := s.bodies.place()
	defer room.leave()
	d, err := s.verified(w, r, ep, hook, &room)
	var no *refusal
	if errors.As(err, &no) && no.Code != codeOverloaded {
		s.noteRefused(r, ep.FlowID, no)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	if text, yes := hook.Answered(d); yes {
		return writeResponse(w, r.Method, flows.Response{Status: http.StatusOK, Body: text})
	}
	if wait := s.tooSoon(ep); wait > 0 { // only what is signed counts: a stranger uses nothing up
		return tooMany(wait)
	}
	return s.beginDelivery(w, r, ep, hook, d)
}

// hookAt returns the flow whose webhook is at alias; flows.ErrNotFound when there is none.
func (s *Server) hookAt(ctx context.Context, alias string) (endpoint, *webhook.Hook, error) {
	found, err := s.Store.FlowByAlias(ctx, alias)
	if err != nil {
		return endpoint{}, nil, err
	}
	if found.Version == 0 {
		return endpoint{}, nil, flows.ErrNotFound
	}
	doc, err := s.endpoints.of(ctx, found.Document)
	if err != nil {
		return endpoint{}, nil, err
	}
	if doc.hook == nil {
		return endpoint{}, nil, flows.ErrNotFound
	}
	return endpoint{found, doc.asked}, doc.hook, nil
}

// verified reads a delivery and checks that it is what it claims to be. What is wrong
// with it is a *refusal.
func (s *Server) verified(w http.ResponseWriter, r *http.Request, ep endpoint, hook *webhook.Hook, room *bodyPlace) (webhook.Delivery, error) {
	d := webhook.Delivery{Header: r.Header}
	if r.ContentLength > ep.maxBody() {
		return d, tooLarge(ep.maxBody())
	}
	data, err := readAll(w, r, ep.maxBody(), room)
	if err != nil {
		return d, err
	}
	secrets, err := s.secretsOf(r.Context(), hook)
	if err != nil {
		return d, err
	}
	d.Raw = string(data)
	if no := hook.Verify(d, secrets, s.Now()); no != nil {
		return d, &refusal{Status: no.Status, Code: no.Code, Title: refusedTitle, Detail: no.Detail}
	}
	if !utf8.Valid(data) {
		return d, unsupported("The body is not text in UTF-8. Send JSON, a form, or text.")
	}
	if len(data) == 0 {
		return d, nil
	}
	body, err := parseBody(mediaType(r.Header.Get("Content-Type")), data)
	d.Value, d.Form = body.value, body.form
	return d, err
}

// secretsOf opens the secrets that deliveries may be signed with.
func (s *Server) secretsOf(ctx context.Context, hook *webhook.Hook) ([]string, error) {
	list := make([]string, 0, len(hook.Secrets))
	for _, name := range hook.Secrets {
		v, err := s.Store.SecretOf(ctx, name)
		if notFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		text, err := s.Vault.OpenSecret(connectors.NamedSecret{Env: v.Env, Name: v.Name, Sealed: v.Sealed, Key: v.Key})
		if err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	if len(list) == 0 {
		return nil, (&refusal{Status: http.StatusServiceUnavailable, Code: flows.CodeNoSecret, Title: "Deliveries cannot be checked now",
			Detail: "The secret that they are signed with is not there."}).with("Retry-After", "60")
	}
	return list, nil
}

// beginDelivery starts the run of a delivery, unless that delivery has started one.
func (s *Server) beginDelivery(w http.ResponseWriter, r *http.Request, ep endpoint, hook *webhook.Hook, d webhook.Delivery) error {
	now := s.Now()
	run := flows.Run{FlowID: ep.FlowID, FlowName: ep.Name, FlowAlias: ep.Alias, Version: ep.Version, Document: ep.Document, Trigger: webhook.Card, Outline: ep.Settings.Outline(),
		Source: hook.Words() + " · " + s.addressOf(r), Event: hookEvent(hook, d, r.URL.Query(), now), Most: s.counted(ep)}
	name := hook.Name(d)
	if name != "" {
		run.Once = &flows.Once{Kind: flows.OnceDelivery, Name: name, Expires: now.Add(deliveriesKept)}
	}
	run.ID = store.NewID("r_")
	if in, err := s.enter(r.Context(), ep, run); err != nil {
		return err
	} else if !in {
		return s.fullOrKnown(w, r, ep, name)
	}
	run, err := s.startWith(r.Context(), run, ep.Settings.StartOptions())
	if err != nil {
		s.crowd.leave(run.ID)
	}
	switch {
	case errors.Is(err, flows.ErrTaken), errors.Is(err, flows.ErrFull):
		return s.fullOrKnown(w, r, ep, name)
	case errors.Is(err, flows.ErrBusy), errors.Is(err, flows.ErrStopped):
		return overloaded()
	case err != nil:
		return err
	}
	w.Header().Set("X-Flowdeck-Run", run.ID)
	return writeJSON(w, r.Method, http.StatusOK, schema.Values{"run": run.ID})
}

// fullOrKnown answers a delivery that starts nothing: it has started a run before, or
// there is no room for another one.
func (s *Server) fullOrKnown(w http.ResponseWriter, r *http.Request, ep endpoint, name string) error {
	before, _, err := s.Store.Begun(r.Context(), ep.FlowID, flows.OnceDelivery, name)
	switch {
	case notFound(err):
		return crowded()
	case err != nil:
		return err
	}
	return writeJSON(w, r.Method, http.StatusOK, schema.Values{"run": before, "duplicate": true})
}

// hookEvent is what a delivery hands to the flow: the outputs of its Webhook card.
func hookEvent(hook *webhook.Hook, d webhook.Delivery, query url.Values, now time.Time) schema.Values {
	headers := d.Header
	for name := range headers {
		if hook.Token(name) { // it is the secret itself
			headers = headers.Clone()
			headers.Del(name)
			break
		}
	}
	return schema.Values{"body": d.Value, "raw_body": d.Raw, "headers": headerValues(headers), "query": repeated(query),
		"event": hook.Event(d), "delivery_id": hook.ID(d), "received": now.UTC().Format(time.RFC3339Nano)}
}

// refusedTitle says that a delivery was not taken, where its details say why.
const refusedTitle = "The delivery is refused"

// reason is why, to whoever knows that it was refused.
func (r *refusal) reason() string {
	if r.Title == refusedTitle {
		return r.Detail
	}
	return strings.TrimSpace(r.Title + ". " + upperFirst(r.Detail))
}

// noteRefused keeps why a delivery was refused, for the flow's authors. Of a flood of
// them some are kept.
func (s *Server) noteRefused(r *http.Request, flowID string, no *refusal) {
	if s.authority.limits.take(sha256.Sum256([]byte("refused "+flowID)), time.Second, 5) > 0 {
		return
	}
	err := s.Store.AddRefused(context.WithoutCancel(r.Context()), flowID, store.RefusedDelivery{At: s.Now(), Code: no.Code, Detail: no.reason(), Address: s.addressOf(r)})
	if err != nil {
		s.Log.ErrorContext(r.Context(), "a refused delivery is not kept", "flow", flowID, "err", err)
	}
}

// noHook is what an unknown, an unpublished and a hidden webhook say alike.
func noHook() *refusal {
	return &refusal{Status: http.StatusNotFound, Code: "not_found", Title: "There is no webhook here",
		Detail: "No flow takes deliveries at this address. Check the alias in the URL."}
}
