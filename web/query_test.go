package web

import (
	"net/http"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// What of a query cannot be read would be left out, and with it a value or a filter.
func TestAQueryThatCannotBeReadIsRefused(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	f := w.publish("find", public, endpointDoc([]any{input("q", "text", "query", false)}, step("out", "control.return", schema.Values{"values": schema.Values{"q": "{{endpoint.q}}"}})))
	for _, query := range []string{"?q=100%", "?q=a;b", "?q=a&%zz=1"} {
		w.want("an endpoint at "+query, w.call("POST", "/api/flows/find/invoke"+query, ""), http.StatusBadRequest, `"code":"malformed_query"`)
	}
	w.want("an endpoint", w.call("POST", "/api/flows/find/invoke?q=100%25", ""), http.StatusOK, `"q":"100%"`)
	for _, query := range []string{"?status=failed%zz", "?status=failed;limit=1", "?flow=" + f.ID + "&status=%"} {
		c.expect(http.StatusBadRequest, nil, "GET", "/runs"+query, "")
	}
	w.set(f.ID, func(s *flows.Settings) { s.Security = "token" })
	w.want("a stranger", w.call("POST", "/api/flows/find/invoke?q=100%", ""), http.StatusUnauthorized, "unauthorized")
}

func TestAnAnswerWhoseQueryCannotBeReadIsNotTakenDown(t *testing.T) {
	w := newWorld(t, echoUpstream)
	link, run := w.asking("asked", schema.Values{"kind": "request", "methods": "any"})
	w.want("a query that breaks off", w.call("GET", link+"?share=100%", ""), http.StatusBadRequest, `"code":"malformed_query"`)
	w.want("a query", w.call("GET", link+"?share=100%25", ""), http.StatusOK, "answered")
	if query, _ := w.answers(run)["query"].(map[string]any); query["share"] != "100%" {
		t.Errorf("the answer has the query %v", query)
	}
}
