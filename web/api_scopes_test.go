package web

import (
	"net/http"
	"strings"
	"testing"

	"flowdeck/flows"
	"flowdeck/flows/bundle"
)

// TestWhatAnswersNowNeedsTheRightScope tries everything that flows:write could change
// of a live endpoint and of what flows share.
func TestWhatAnswersNowNeedsTheRightScope(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	all, writer := newClient(w), newClient(w, "flows:read", "flows:write")
	live := w.publish("guarded", flows.Settings{Security: "token"}, endpointDoc(nil, step("close", "http.close", nil)))
	path := "/flows/" + live.ID
	lacks := func(what, scope string, got reply) {
		t.Helper()
		if got.status != http.StatusForbidden || !strings.Contains(got.header.Get("WWW-Authenticate"), `scope="`+scope+`"`) {
			t.Errorf("%s: %d %.200s, want 403 for %s", what, got.status, got.body, scope)
		}
	}
	lacks("opening a live endpoint", "flows:publish", writer.do("PATCH", path, `{"settings": {"security": "public"}}`))
	lacks("giving its address away", "flows:publish", writer.do("PATCH", path, `{"alias": "elsewhere"}`))
	lacks("deleting it", "flows:publish", writer.do("DELETE", path, ""))
	writer.expect(http.StatusOK, nil, "PATCH", path, `{"name": "Another name", "settings": {"security": "token"}}`)

	file := bundle.FileOf(w.flow(live.ID), nil)
	file.Settings.Security = "public"
	text, err := file.Encode()
	must(t, err)
	lacks("importing it open", "flows:publish", writer.do("POST", "/import", string(text)))
	table := `{"flowdeck": 1, "kind": "table", "id": "tbl_scoped", "name": "Scoped", "columns": [{"key": "a", "name": "A", "type": "text"}]}`
	lacks("a table", "tables:write", writer.do("POST", "/import", table))
	variable := `{"flowdeck": 1, "kind": "variable", "name": "scoped", "type": "number", "values": [{"environment": "", "value": 1}]}`
	lacks("a variable", "variables:write", writer.do("POST", "/import", variable))
	if now := w.flow(live.ID); now.Settings.Security != "token" || now.Alias != "guarded" || !now.Live() {
		t.Errorf("what was refused changed the flow: %+v", now.Settings)
	}

	for _, body := range []string{table, variable, string(text)} {
		all.expect(http.StatusOK, nil, "POST", "/import", body)
	}
	if got := w.flow(live.ID).Settings.Security; got != "public" {
		t.Errorf("with every scope the endpoint is %s, want public", got)
	}
	all.expect(http.StatusOK, nil, "PATCH", path, `{"on": false}`)
	writer.expect(http.StatusOK, nil, "PATCH", path, `{"settings": {"security": "token"}}`)
	writer.expect(http.StatusNoContent, nil, "DELETE", path, "")
}
