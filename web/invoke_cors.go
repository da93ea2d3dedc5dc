package web

import (
	"net/http"
	"slices"
	"strings"
)

// allowOrigin says on every answer, refusals included, whether the page that
// called may read it. Cookies and other credentials are never allowed.
func (ep *endpoint) allowOrigin(w http.ResponseWriter, r *http.Request) bool {
	if len(ep.Settings.Origins) == 0 {
		return false
	}
	h := w.Header()
	any := slices.Contains(ep.Settings.Origins, "*")
	if !any {
		h.Add("Vary", "Origin")
	}
	origin := r.Header.Get("Origin")
	switch {
	case origin == "":
		return false
	case any:
		h.Set("Access-Control-Allow-Origin", "*")
	case slices.ContainsFunc(ep.Settings.Origins, func(o string) bool { return strings.EqualFold(o, origin) }):
		h.Set("Access-Control-Allow-Origin", origin)
	default:
		return false
	}
	h.Set("Access-Control-Expose-Headers", "*")
	return true
}

// preflight reports whether a browser asks on behalf of a page: then the flow is not run,
// also when it takes OPTIONS, for browsers ask without credentials.
func (ep *endpoint) preflight(r *http.Request) bool {
	return len(ep.Settings.Origins) > 0 && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// options answers OPTIONS, which runs no flow unless the settings name it: a
// browser's preflight, or anybody who asks what the endpoint takes.
func (ep *endpoint) options(w http.ResponseWriter, r *http.Request, allowed bool) error {
	return writeOptions(w, r, allowed, ep.allow())
}

func writeOptions(w http.ResponseWriter, r *http.Request, allowed bool, allow string) error {
	h := w.Header()
	if allowed && r.Header.Get("Access-Control-Request-Method") != "" {
		h.Set("Access-Control-Allow-Methods", allow)
		if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
			h.Set("Access-Control-Allow-Headers", asked)
			h.Add("Vary", "Access-Control-Request-Headers")
		}
		h.Set("Access-Control-Max-Age", "600")
	}
	h.Set("Allow", allow)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
