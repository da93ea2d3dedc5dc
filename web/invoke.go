package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// withEndpoints answers calls of endpoints and passes everything else to pages.
// It stands before the router: a call carries no session, renders no page and
// pays for none of what pages need.
func (s *Server) withEndpoints(pages http.Handler) http.Handler {
	s.endpoints = &endpoints{programs: s.Programs}
	s.api = s.newAPI()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		switch {
		case path == apiPrefix, path == metricsPath, strings.HasPrefix(path, apiPrefix+"/"):
			s.api.ServeHTTP(w, r)
		case strings.HasPrefix(path, "/api/"):
			if alias, ok := strings.CutSuffix(strings.TrimPrefix(path, "/api/flows/"), "/invoke"); ok {
				s.answer(w, r, func() error { return s.invoke(w, r, alias) })
				return
			}
			if id, ok := strings.CutPrefix(path, "/api/runs/"); ok {
				s.answer(w, r, func() error { return s.runStatus(w, r, id) })
				return
			}
			s.answer(w, r, func() error { return noEndpoint() })
		case strings.HasPrefix(path, "/invoke/"):
			s.answer(w, r, func() error { return s.invoke(w, r, path[len("/invoke/"):]) })
		case strings.HasPrefix(path, hookPrefix):
			s.answer(w, r, func() error { return s.takeDelivery(w, r, path[len(hookPrefix):]) })
		case s.authorize(w, r):
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// answer turns what went wrong with a call into its answer.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, call func() error) {
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			s.Log.ErrorContext(r.Context(), "endpoint", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			_ = unexpected().write(w)
		} else if p != nil {
			panic(p)
		}
	}()
	err := call()
	if err == nil {
		return
	}
	var no *refusal
	switch {
	case errors.As(err, &no):
	case inTrouble(err): // the store has said so in the log, once
		no = nothingKept()
	default:
		if r.Context().Err() == nil {
			s.Log.ErrorContext(r.Context(), "endpoint", "path", r.URL.Path, "err", err)
		}
		no = unexpected()
	}
	linger(w, r)
	if err := no.write(w); err != nil {
		s.Log.ErrorContext(r.Context(), "endpoint", "path", r.URL.Path, "err", err)
	}
}

// invoke runs the flow of that alias and answers with what the run says.
func (s *Server) invoke(w http.ResponseWriter, r *http.Request, alias string) error {
	ep, err := s.endpoint(r.Context(), alias)
	switch {
	case notFound(err):
		return noEndpoint()
	case err != nil:
		return err
	case !ep.On:
		return ep.off(noEndpoint())
	}
	allowed := ep.allowOrigin(w, r)
	if r.Method == http.MethodOptions && (!ep.takes(r.Method) || ep.preflight(r)) {
		return ep.options(w, r, allowed)
	}
	var query url.Values
	var broken error
	if r.URL.RawQuery != "" {
		query, broken = url.ParseQuery(r.URL.RawQuery)
	}
	who, err := s.caller(r, ep, query)
	if err != nil {
		return err
	}
	if broken != nil {
		return malformedQuery(broken)
	}
	if !ep.takes(r.Method) {
		return wrongMethod(r.Method, ep.allow())
	}
	if wait := s.tooSoon(ep); wait > 0 {
		return tooMany(wait)
	}
	room := s.bodies.place()
	defer room.leave()
	body, err := readBody(w, r, ep.maxBody(), &room)
	if err != nil {
		return err
	}
	m, err := ep.manner(r, who, query, body, s.Now())
	if err != nil {
		return err
	}
	if m.once != nil { // what was asked for by another version is not this one's to refuse
		if known, err := s.replay(w, r, ep, m); known || err != nil {
			return err
		}
	}
	event, err := ep.event(r, query, body)
	if err != nil {
		return err
	}
	event["caller"] = who.values()
	id, wait, err := s.begin(r, ep, who, event, m)
	if m.once != nil && errors.Is(err, flows.ErrTaken) {
		return s.again(w, r, ep, m)
	}
	if err != nil {
		return err
	}
	return s.await(w, r, ep, id, m, wait)
}

// begin starts a run of what the flow publishes. One that others are told of or counted with, or
// that is begun once, is in the journal first.
func (s *Server) begin(r *http.Request, ep endpoint, who caller, event map[string]any, m manner) (id string, wait flows.WaitFunc, err error) {
	most := s.counted(ep)
	first := m.once != nil || m.atOnce() || most > 0
	run := flows.Run{ID: store.NewID("r_"), FlowID: ep.FlowID, FlowName: ep.Name, FlowAlias: ep.Alias, Version: ep.Version, Document: ep.Document, Once: m.once, Most: most,
		Status: flows.Queued, Created: s.Now(), Trigger: endpointCard, Source: who.source(s.addressOf(r)), Event: event, Express: ep.Settings.Express() && !first, Outline: ep.Settings.Outline(), Sample: ep.Settings.Sample()}
	if err := s.keeps(run); err != nil {
		return "", nil, err
	}
	if in, err := s.enter(r.Context(), ep, run); err != nil {
		return "", nil, err
	} else if !in {
		return "", nil, s.full(r.Context(), ep, m)
	}
	o := ep.Settings.StartOptions()
	o.Waited = !first
	wait, err = s.Engine.Call(context.WithoutCancel(r.Context()), run, o)
	switch {
	case err == nil:
		s.begun.Add(1)
		return run.ID, wait, nil
	case errors.Is(err, flows.ErrBusy) || errors.Is(err, flows.ErrStopped):
		err = overloaded()
	case errors.Is(err, flows.ErrFull):
		err = s.full(r.Context(), ep, m)
	}
	s.crowd.leave(run.ID)
	return run.ID, wait, err
}

// await answers with the run's response, its end, or where to ask later.
func (s *Server) await(w http.ResponseWriter, r *http.Request, ep endpoint, id string, m manner, wait flows.WaitFunc) error {
	w.Header().Set("X-Flowdeck-Run", id)
	if m.atOnce() {
		if m.asked {
			w.Header().Set("Preference-Applied", "respond-async")
		}
		return writeLater(w, id)
	}
	result, err := wait(r.Context(), ep.patience(m))
	switch {
	case err == nil:
		return writeResult(w, r.Method, id, result)
	case r.Context().Err() != nil:
		return nil // the caller is gone; the run goes on
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, flows.ErrStopped):
		return writeLater(w, id)
	}
	return err
}

func notFound(err error) bool { return errors.Is(err, flows.ErrNotFound) }
