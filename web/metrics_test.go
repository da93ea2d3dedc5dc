package web

import (
	"net/http"
	"testing"

	"flowdeck/meter"
)

func TestMetricsWantATokenThatIsGoodForThem(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.s.Metrics = func(p *meter.Page) {
		p.Gauge("flowdeck_test", "A test.")
		p.Value(1)
	}
	good, other := newClient(w, "metrics:read"), newClient(w, "runs:read")
	bearer := func(c *client) []string { return []string{"Authorization", "Bearer " + c.token} }
	w.want("without a token", w.call("GET", "/metrics", ""), http.StatusUnauthorized, "personal API token")
	w.want("with another scope", w.call("GET", "/metrics", "", bearer(other)...), http.StatusForbidden, "metrics:read")
	got := w.call("GET", "/metrics", "", bearer(good)...)
	w.want("with the scope", got, http.StatusOK, "flowdeck_test 1\n")
	if kind := got.header.Get("Content-Type"); kind != meter.Type {
		t.Errorf("content type %q, want %q", kind, meter.Type)
	}
	w.want("with a method that changes", w.call("POST", "/metrics", "", bearer(good)...), http.StatusMethodNotAllowed, "")
}
