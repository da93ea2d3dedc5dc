package web

import (
	"net/http"
	"testing"

	"flowdeck/flows"
)

func TestTheAddressOfARunTakesWhatItTakesWhateverTheEndpointDoes(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	f := w.publish("posted", public, endpointDoc(nil))
	id := w.call("POST", "/api/flows/posted/invoke", "").header.Get("X-Flowdeck-Run")
	w.set(f.ID, func(s *flows.Settings) { s.Methods, s.Origins = []string{"POST"}, []string{"https://shop.test"} })
	got := w.call("OPTIONS", "/api/runs/"+id, "", "Origin", "https://shop.test", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "x-api-client-token")
	for name, want := range map[string]string{"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Allow-Headers": "x-api-client-token"} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), want)
		}
	}
	w.want("another method", w.call("POST", "/api/runs/"+id, ""), http.StatusMethodNotAllowed, "GET, HEAD, OPTIONS")
}
