package web

import (
	"net/http"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// again presses Re-run as a page does.
func (s *shop) again(id, form string) reply {
	s.Helper()
	return s.send(s.browser, "POST", "/runs/"+id+"/rerun", form, "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true")
}

func TestRunningAgainAsksBeforeAnythingTakesEffectTwice(t *testing.T) {
	s := newShop(t)
	id := s.fail(1)[0]
	got := s.again(id, "version=same")
	s.want("pressing it", got, http.StatusOK, "Order (step 2): once; it had taken effect")
	s.want("the version goes along", got, http.StatusOK, `name="version" value="same"`)
	if got.header.Get("HX-Retarget") != "#dialogs" || strings.Contains(got.body, "Book it") {
		t.Errorf("pressing it = %s at %q, want a dialog without the card that failed", got.body, got.header.Get("HX-Retarget"))
	}
	s.want("without scripts", s.form("/runs/"+id+"/rerun"), http.StatusConflict, "Order (step 2)")
	if n := s.count("POST /order"); n != 1 {
		t.Fatalf("asking ordered %d times, want 1", n)
	}
	s.down.Store(false)
	got = s.again(id, "version=same&sure=yes")
	run := s.over(strings.TrimPrefix(got.header.Get("HX-Redirect"), "/runs/"))
	if run.Status != flows.Succeeded || s.count("POST /order") != 2 {
		t.Errorf("agreed, it %s after %d orders, want a success after 2", run.Status, s.count("POST /order"))
	}
}

func TestRunningAgainDoesNotAskWhenNothingTookEffect(t *testing.T) {
	s := newShop(t)
	book := step("book", "http.post", schema.Values{"url": s.upstream.URL + "/book", "body": "{}"})
	s.publish("bare", public, endpointDoc(nil, step("get", "http.get", schema.Values{"url": s.upstream.URL + "/get"}), book))
	id := s.over(s.run(s.call("POST", "/api/flows/bare/invoke", "{}")).ID).ID
	if got := s.again(id, ""); got.header.Get("HX-Redirect") == "" {
		t.Errorf("running again what only failed = %d %s, want another run", got.status, got.body)
	}
}

func TestRunningAgainAsksOfWhatCalledFlowsDid(t *testing.T) {
	s := newShop(t)
	helper := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "helper", Card: "event.helper"}, Chain: []flows.Step{
		step("order", "http.post", schema.Values{"url": s.upstream.URL + "/order", "body": "{}"})}}
	called := s.publish("called", public, helper)
	s.publish("calls", public, endpointDoc(nil, step("call", "control.call", schema.Values{"flow": called.ID}),
		step("get", "http.get", schema.Values{"url": s.upstream.URL + "/book"})))
	id := s.over(s.run(s.call("POST", "/api/flows/calls/invoke", "{}")).ID).ID
	s.want("pressing it", s.again(id, ""), http.StatusOK, "once; it had taken effect")
	s.has("/runs/"+id+"/steps/get", "Go on from the step that failed…")
}

func TestRunningAgainAsksOfWhatAnExpressRunDid(t *testing.T) {
	s := newShop(t)
	set := public
	set.Mode = "express"
	s.publish("quick", set, s.flow.Draft)
	id := s.over(s.run(s.call("POST", "/api/flows/quick/invoke", `{"id":"1"}`, "Content-Type", "application/json")).ID).ID
	s.want("pressing it", s.again(id, ""), http.StatusOK, "Order (step 2): once; it had taken effect")
}
