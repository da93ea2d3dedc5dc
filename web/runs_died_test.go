package web

import (
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// TestARunThatTheServerDiesOfSaysSo: it may wait for long to be driven apart from the others.
func TestARunThatTheServerDiesOfSaysSo(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	f := w.publish("deadly", public, endpointDoc(nil, step("say", "text.compose", schema.Values{"text": "1"})))
	document, err := w.s.Store.Callee(t.Context(), f.ID, false)
	must(t, err)
	run := flows.Run{ID: store.NewID("r_"), FlowID: f.ID, Version: 1, Document: document.Document, Status: flows.Running, Epoch: 1, Trigger: "event.endpoint", Event: schema.Values{}}
	must(t, w.s.Store.Create(t.Context(), run))
	for _, note := range []string{"", "Flowdeck died 2 times in a row while it drove this run."} {
		if page := w.page("/runs/" + run.ID).body; strings.Contains(page, "in a row") != (note != "") || !strings.Contains(page, note) {
			t.Errorf("its page does not say %q, or more: %s", note, page)
		}
		for range 2 {
			_, err := w.s.Store.TakeUp(t.Context(), run.ID, w.s.Now())
			must(t, err)
		}
	}
}
