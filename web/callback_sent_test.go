package web

import (
	"net/http"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// Whoever gets a link may open it at once, also when it was sent with a request that
// changes nothing itself.
func TestALinkWorksBeforeAnybodyHasIt(t *testing.T) {
	opened := make(chan int, 1)
	var w *world
	w = newWorld(t, func(_ http.ResponseWriter, r *http.Request) {
		res, err := http.Get(w.url + r.URL.Query().Get("link"))
		if err != nil {
			opened <- 0
			return
		}
		_ = res.Body.Close()
		opened <- res.StatusCode
	})
	set := public
	set.ResponseTimeout.Duration = time.Millisecond
	w.publish("asks", set, endpointDoc(nil, flows.Step{ID: "ask", Card: "control.wait_callback", Inputs: schema.Values{"title": "Well?"},
		Blocks: map[string]flows.Block{"send": {Chain: []flows.Step{step("tell", "http.get", schema.Values{"url": w.upstream.URL, "query": schema.Values{"link": "{{ ask.url }}"}})}}}}))
	w.call("POST", "/api/flows/asks/invoke", "")
	if status := <-opened; status != http.StatusOK {
		t.Errorf("the link was opened when it was sent: %d, want 200", status)
	}
}
