package web

import (
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// TestWhatCalledFlowsDidIsListedWhenRunsGoOn: a call that failed is called anew, and its flow
// begins at its start; one that finished is not.
func TestWhatCalledFlowsDidIsListedWhenRunsGoOn(t *testing.T) {
	s := newShop(t)
	helper := func(name string, steps ...flows.Step) flows.Flow {
		return s.publish(name, public, flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "helper", Card: "event.helper"}, Chain: steps})
	}
	post := func(id, path string) flows.Step {
		return step(id, "http.post", schema.Values{"url": s.upstream.URL + path, "body": "{}"})
	}
	call := func(id string, f flows.Flow) flows.Step {
		return step(id, "control.call", schema.Values{"flow": f.ID})
	}
	pays, orders := helper("pays", post("pay", "/pay")), helper("orders", post("order", "/order"))
	breaks := helper("breaks", call("deeper", orders), post("book", "/book"))
	outer := s.publish("outer", public, endpointDoc(nil, call("done", pays), call("broken", breaks)))
	id := s.over(s.run(s.call("POST", "/api/flows/outer/invoke", "{}")).ID).ID

	for what, got := range map[string]string{
		"going on":         s.page("/runs/" + id + "/redo").body,
		"taking up again":  excerpt(s.page("/redos/new?flow="+outer.ID).body, "redo-w-failed", "redo-w-start"),
		"all of them, too": excerpt(s.page("/redos/new?flow="+outer.ID).body, "redo-w-start", "redo-w-none"),
	} {
		if !strings.Contains(got, "once; it had taken effect") || !strings.Contains(got, "of Flow orders):") || !strings.Contains(got, "of Flow breaks):") {
			t.Errorf("%s does not list what the flows that it calls anew do: %s", what, got)
		}
		if strings.Contains(got, "of Flow pays):") != (what == "all of them, too") {
			t.Errorf("%s, and the card of a call that finished: %s", what, got)
		}
	}
	s.down.Store(false)
	run := s.over(strings.TrimPrefix(s.form("/runs/"+id+"/redo", "version", "same").header.Get("Location"), "/runs/"))
	if pay, order := s.count("POST /pay"), s.count("POST /order"); run.Status != flows.Succeeded || pay != 1 || order != 2 {
		t.Errorf("it %s after it paid %d times and ordered %d times, want a success after 1 and 2", run.Status, pay, order)
	}
}

// excerpt is what stands in a page from one text to another.
func excerpt(page, from, to string) string {
	_, page, _ = strings.Cut(page, from)
	page, _, _ = strings.Cut(page, to)
	return page
}
