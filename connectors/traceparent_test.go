package connectors

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

func TestRequestsCarryTheTraceTheyBelongTo(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	defer server.Close()
	b := newBench(t)
	id := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "key-12345678"}}}, Token{}, strings.TrimPrefix(server.URL, "http://"))
	const parent, own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-11111111111111111111111111111111-2222222222222222-01"
	for _, c := range []struct {
		name, connection, own, want string
		trace                       *trace.Trace
	}{
		{"nothing is traced", id, "", "", &trace.Trace{}},
		{"with a connection", id, "", parent, &trace.Trace{Parent: parent, State: "a=b"}},
		{"without one", "", "", parent, &trace.Trace{Parent: parent, State: "a=b"}},
		{"the card sets its own", id, own, own, &trace.Trace{Parent: parent}},
	} {
		client, err := b.clients.Client(context.Background(), c.connection)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(trace.With(context.Background(), c.trace), "GET", server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.own != "" {
			r.Header.Set("traceparent", c.own)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got.Get("Traceparent") != c.want || got.Get("Tracestate") != c.trace.State {
			t.Errorf("%s: the service got %q and %q, want %q and %q", c.name, got.Get("Traceparent"), got.Get("Tracestate"), c.want, c.trace.State)
		}
	}
}
