package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

func parallel(id string, lane, other flows.Step) flows.Step {
	p := step(id, "control.parallel", schema.Values{"lanes": []any{schema.Values{"key": "lane"}, schema.Values{"key": "lane_2"}}})
	p.Blocks = map[string]flows.Block{"lane": {Chain: []flows.Step{lane}}, "lane_2": {Chain: []flows.Step{other}}}
	return p
}

// TestAllLanesThatRunSaySo: a card that runs others is written down when they are done.
func TestAllLanesThatRunSaySo(t *testing.T) {
	began, open := make(chan struct{}, 3), make(chan struct{})
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		select {
		case <-open:
		case <-r.Context().Done():
		}
	})
	w.signIn()
	get := func(id string) flows.Step {
		return step(id, "http.get", schema.Values{"url": w.upstream.URL + "/" + id})
	}
	after := step("after", "text.compose", schema.Values{"text": "x"})
	w.publish("lanes", flows.Settings{Security: "public", Async: true},
		endpointDoc(nil, parallel("outer", get("one"), parallel("inner", get("two"), get("three"))), after))
	page := "/runs/" + w.run(w.call("POST", "/api/flows/lanes/invoke", "")).ID
	for range 3 {
		<-began
	}
	got := ""
	for end := time.Now().Add(20 * time.Second); strings.Count(got, "Waiting for 127.0.0.1") < 3 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		got = w.page(page).body // what a card began is kept a moment after that
	}
	for text, n := range map[string]int{"Up next": 1, "Branch not taken": 0, "Waiting for 127.0.0.1": 3} {
		if strings.Count(got, text) != n {
			t.Errorf("while all lanes run, the page says %q %d times, want %d: %s", text, strings.Count(got, text), n, got)
		}
	}
	close(open)
}

// TestACardBehindOneThatFailedIsInABranchThatWasTaken: another branch caught the failure.
func TestACardBehindOneThatFailedIsInABranchThatWasTaken(t *testing.T) {
	w := newWorld(t, func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fails" {
			out.WriteHeader(http.StatusInternalServerError)
		}
	})
	w.signIn()
	get := func(id string) flows.Step {
		return step(id, "http.get", schema.Values{"url": w.upstream.URL + "/" + id})
	}
	try := step("try", "control.try", schema.Values{"catches": []any{schema.Values{"key": "catch", "match": "any"}}})
	try.Blocks = map[string]flows.Block{"try": {Chain: []flows.Step{get("fails"), get("behind")}}, "catch": {Chain: []flows.Step{get("caught")}}}
	w.publish("caught", flows.Settings{Security: "public"}, endpointDoc(nil, try))
	got := w.page("/runs/" + w.run(w.call("POST", "/api/flows/caught/invoke", "")).ID).body
	if strings.Count(got, "Not reached") != 1 || strings.Contains(got, "Branch not taken") {
		t.Errorf("the card behind the one that failed is not said to be not reached: %s", got)
	}
}
