package web

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"flowdeck/flows/bundle"
	"flowdeck/flows/store"
)

// apiPrefix is where the management API is.
const apiPrefix = "/api/v1"

// api is the management API: programs do with a token what people do on pages. It
// takes no cookie, and pages take no token.
type api struct {
	server   *Server
	mux      *http.ServeMux
	tokens   *tokenCache
	limits   *callLimits
	document []byte // OpenAPI
}

// newAPI registers every operation once: as a route and in the document.
func (s *Server) newAPI() *api {
	a := &api{server: s, mux: http.NewServeMux(), tokens: newTokenCache(s), limits: newCallLimits(s.Now)}
	byPath := map[string][]*operation{}
	var paths []string
	for _, op := range operations() {
		if byPath[op.path] == nil {
			paths = append(paths, op.path)
		}
		byPath[op.path] = append(byPath[op.path], op)
	}
	for _, at := range paths {
		a.mux.Handle(apiPrefix+at, a.resource(byPath[at]))
	}
	a.mux.Handle(metricsPath, a.resource(metricsOperations()))
	a.document = openAPI(operations(), s.Config.Version)
	a.mux.HandleFunc(apiPrefix+"/openapi.json", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			_ = wrongAPIMethod(r.Method, "GET, HEAD, OPTIONS").write(w)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = writeBody(w, r.Method, http.StatusOK, a.document)
	})
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { _ = noResource().write(w) })
	return a
}

// ServeHTTP answers one request of the management API.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Request-Id", rand.Text()[:16])
	if a.server.behindTLS(r) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if path.Clean(r.URL.Path) != r.URL.Path {
		_ = noResource().write(w)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// resource answers the operations that share a path.
func (a *api) resource(ops []*operation) http.Handler {
	var methods []string
	for _, op := range ops {
		if methods = append(methods, op.method); op.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	allow := strings.Join(append(methods, http.MethodOptions), ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		i := slices.IndexFunc(ops, func(op *operation) bool { return op.method == method })
		switch {
		case r.Method == http.MethodOptions:
			w.Header().Set("Allow", allow)
			w.WriteHeader(http.StatusNoContent)
		case i < 0:
			_ = wrongAPIMethod(r.Method, allow).write(w)
		default:
			a.carryOut(w, r, ops[i])
		}
	})
}

// carryOut does one operation and writes what came of it.
func (a *api) carryOut(w http.ResponseWriter, r *http.Request, op *operation) {
	start, c := time.Now(), &apiCall{Request: r, w: w, op: op, api: a}
	status := 0
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			panic(p)
		} else if p != nil {
			a.server.Log.ErrorContext(r.Context(), "api", "operation", op.id, "panic", p, "stack", string(debug.Stack()))
			status = a.refuse(c, unexpectedAPI(w))
		}
		a.server.Log.LogAttrs(r.Context(), slog.LevelInfo, "api", slog.String("operation", op.id), slog.Int("status", status),
			slog.String("token", c.token.ID), slog.Duration("took", time.Since(start).Round(time.Microsecond)),
			slog.String("from", a.server.addressOf(r)), slog.String("request", w.Header().Get("X-Request-Id")))
	}()
	reply, err := a.answer(c)
	if err != nil {
		status = a.refuse(c, c.problem(err))
		return
	}
	status = reply.status
	if err := op.write(w, r.Method, reply); err != nil {
		a.server.Log.ErrorContext(r.Context(), "api", "operation", op.id, "err", err)
	}
}

func (a *api) answer(c *apiCall) (*apiReply, error) {
	if err := a.authorize(c); err != nil {
		return nil, err
	}
	if err := c.checkQuery(); err != nil {
		return nil, err
	}
	release, err := c.readBody()
	if err != nil {
		return nil, err
	}
	defer release()
	return c.op.serve(a.server, c)
}

func (a *api) refuse(c *apiCall, p *apiProblem) int {
	if p.Status == http.StatusInternalServerError && p.cause != nil && !errors.Is(p.cause, context.Canceled) {
		a.server.Log.ErrorContext(c.Context(), "api", "operation", c.op.id, "err", p.cause)
	}
	linger(c.w, c.Request)
	if err := p.write(c.w); err != nil {
		a.server.Log.ErrorContext(c.Context(), "api", "operation", c.op.id, "err", err)
	}
	return p.Status
}

// apiCall is one request while it is answered.
type apiCall struct {
	*http.Request
	w     http.ResponseWriter
	op    *operation
	api   *api
	token store.APIToken
	body  []byte
}

// by is the name that stands at what the call changes.
func (c *apiCall) by() string { return c.token.User.Name }

// bundle is what exports and imports here.
func (s *Server) bundle() *bundle.Bundle {
	return &bundle.Bundle{Store: s.Store, Vault: s.Vault, Types: s.Types, Cards: s.Cards, Now: s.Now}
}
