package web

import (
	"net/http"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func TestAFlowExportsAnother(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	kept := w.publish("kept", public, endpointDoc(nil, step("note", "text.compose", schema.Values{"text": "hello"})))
	w.publish("backup", public, endpointDoc([]any{input("id", "text", "query", true)},
		step("export", "flow.export", schema.Values{"flow": "{{ endpoint.id }}"}),
		step("answer", "http.close", schema.Values{"body_type": "text", "body": "{{ export.text }}"})))
	got := w.call("GET", "/api/flows/backup/invoke?id="+kept.ID, "")
	if want := w.page("/flows/" + kept.ID + "/export").body; got.status != http.StatusOK || got.body != want || !strings.Contains(want, "hello") {
		t.Errorf("the card gives %d %s, want what Export gives: %s", got.status, got.body, want)
	}
	gone := w.run(w.call("GET", "/api/flows/backup/invoke?id=f_none", ""))
	if gone.Error == nil || gone.Error.Code != cards.CodeNoFlow {
		t.Errorf("a flow that is gone: %v, want %s", gone.Error, cards.CodeNoFlow)
	}
}
