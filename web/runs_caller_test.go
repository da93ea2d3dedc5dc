package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// TestAPageSaysWhatACallerGot: who waits no longer has had a 202, whatever the flow answers then.
func TestAPageSaysWhatACallerGot(t *testing.T) {
	for _, x := range []struct {
		about, prefer string
		set           flows.Settings
		want          string // of what it says, while the run goes on and when it is over
	}{
		{"who waits no longer", "", flows.Settings{Security: "public", ResponseTimeout: flows.Duration{Duration: 50 * time.Millisecond}}, "202 after 50ms"},
		{"as the endpoint is set", "", flows.Settings{Security: "public", Async: true}, "202 at once"},
		{"who asked not to wait", "respond-async", public, "202 at once"},
	} {
		t.Run(x.about, func(t *testing.T) {
			handler, open := gated()
			w := newWorld(t, handler)
			defer open()
			w.signIn()
			w.publish("slow", x.set, endpointDoc(nil, step("get", "http.get", schema.Values{"url": w.upstream.URL + "/slow"}),
				step("answer", "http.close", schema.Values{"status_code": 201, "body_type": "text", "body": "made"})))
			var headers []string
			if x.prefer != "" {
				headers = []string{"Prefer", x.prefer}
			}
			got := w.call("POST", "/api/flows/slow/invoke", "", headers...)
			w.want("the call", got, http.StatusAccepted, "running")
			page := "/runs/" + w.run(got).ID
			w.has(page, x.want+"; the run goes on")
			open()
			w.over(w.run(got).ID)
			w.has(page, x.want+"; later the flow answered 201", "Answered 201 Created; the caller had a 202 before")
			if strings.Contains(w.page(page).body, "Sent 201") {
				t.Error("the page says that the answer was sent")
			}
			w.has("/runs", "Answered 201")
		})
	}
}

func TestAPageSaysThatACallerGotTheAnswer(t *testing.T) {
	handler, open := gated()
	w := newWorld(t, handler)
	defer open()
	w.signIn()
	w.publish("soon", flows.Settings{Security: "public", ResponseTimeout: flows.Duration{Duration: 20 * time.Second}}, endpointDoc(nil,
		step("answer", "http.close", schema.Values{"status_code": 201, "body_type": "text", "body": "made"}), step("get", "http.get", schema.Values{"url": w.upstream.URL + "/slow"})))
	got := w.call("POST", "/api/flows/soon/invoke", "")
	w.want("the call", got, http.StatusCreated, "made")
	w.s.Now = func() time.Time { return time.Now().Add(time.Minute) } // the run goes on for longer than a caller waits
	page := w.page("/runs/" + w.run(got).ID).body
	if !strings.Contains(page, ">201<") || strings.Contains(page, "202 a") {
		t.Errorf("the caller got 201, and the page says something else: %s", page)
	}
	open()
	w.over(w.run(got).ID)
}
