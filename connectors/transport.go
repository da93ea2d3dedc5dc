package connectors

import (
	"io"
	"net/http"
	"slices"

	"flowdeck/cards/trace"
)

// transport signs requests in and keeps the credential where it belongs. Without
// a session it signs nothing.
type transport struct {
	clients *Clients
	session *session
	traffic *Traffic
}

func newClient(t *transport) *http.Client {
	return &http.Client{Transport: t, CheckRedirect: t.checkRedirect}
}

// checkRedirect is checkRedirect of an answer whose address was read: whoever gets to
// see that answer, because the redirect is not followed, sees it masked.
func (t *transport) checkRedirect(r *http.Request, via []*http.Request) error {
	if t.session != nil && r.Response != nil {
		t.session.masks.Load().clean(r.Response.Header)
	}
	return checkRedirect(r, via)
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &wire{base: t.clients.base, guard: t.clients.guard, traffic: t.traffic}
	if r.Response != nil {
		w.purpose = "redirect"
	}
	s := t.session
	if s == nil {
		return w.RoundTrip(r)
	}
	w.masks, w.base, w.governor = s.masks.Load, s.reach.own, s.reach.governor
	if !s.kind.Open || s.reach.guarded {
		switch carries, err := s.carries(r); {
		case err != nil:
			closeBody(r)
			return nil, err
		case !carries:
			trace.From(r.Context()).Say(t.clients.now(), "no sign-in is sent to "+r.URL.Host+": the connection does not name it", false)
			w.base, w.elsewhere = s.reach.away, true
			return w.RoundTrip(s.unsigned(r))
		}
	}
	s.touch(r.Context())
	if auth, ok := s.auth.(challenged); ok {
		return s.withChallenge(r, w, auth)
	}
	if _, ok := s.auth.(Refresher); ok {
		return s.withToken(r, w)
	}
	signed := r.Clone(r.Context())
	if err := s.auth.Sign(signed, Token{}); err != nil {
		closeBody(r)
		return nil, err
	}
	res, err := w.RoundTrip(signed)
	if err == nil {
		s.heard(r.Context(), res.StatusCode)
	}
	return res, err
}

// withToken sends r with a token, and once more with a new one when the service
// answers with a status after which tokens are renewed and the request can be sent again.
func (s *session) withToken(r *http.Request, w *wire) (*http.Response, error) {
	token, err := s.fresh(r.Context(), "")
	if err != nil {
		closeBody(r)
		return nil, err
	}
	res, err := s.send(r, w, token)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(s.renewOn, res.StatusCode) || !replayable(r) || s.useless(token) {
		s.heard(r.Context(), res.StatusCode)
		return res, nil
	}
	renewed, err := s.fresh(r.Context(), token.Access)
	if err != nil {
		// The 401 in hand says less than the token endpoint, unless that was only unreachable.
		trace.From(r.Context()).Say(s.clients.now(), err.Error(), true)
		if !isRefusal(err) {
			return res, nil
		}
		discard(res)
		return nil, err
	}
	again := r.Clone(r.Context())
	if r.GetBody != nil {
		if again.Body, err = r.GetBody(); err != nil {
			return res, nil
		}
	}
	discard(res)
	replay := *w
	replay.purpose = "replay after sign-in"
	if res, err = s.send(again, &replay, renewed); err != nil {
		return nil, err
	}
	if slices.Contains(s.renewOn, res.StatusCode) {
		s.turnedDown(renewed)
	}
	s.heard(r.Context(), res.StatusCode)
	return res, nil
}

func (s *session) send(r *http.Request, w *wire, t Token) (*http.Response, error) {
	return s.signedBy(r, w, func(r *http.Request) error { return s.auth.Sign(r, t) })
}

func (s *session) signedBy(r *http.Request, w *wire, sign func(*http.Request) error) (*http.Response, error) {
	signed := r.Clone(r.Context())
	if err := sign(signed); err != nil {
		closeBody(r)
		return nil, err
	}
	if proof, ok := s.auth.(challenged); ok {
		w = w.hiding(s.masks.Load().also(proof.proof(signed)))
	}
	return w.RoundTrip(signed)
}

// hiding is w that masks with m.
func (w *wire) hiding(m *masker) *wire {
	other := *w
	other.masks = func() *masker { return m }
	return &other
}

func replayable(r *http.Request) bool {
	return r.Body == nil || r.Body == http.NoBody || r.GetBody != nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		r.Body.Close()
	}
}

// discard reads a little of an answer nobody wants, so that its socket can be used again.
func discard(res *http.Response) {
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	res.Body.Close()
}
