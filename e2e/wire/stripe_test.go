package wire

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/server"

	"flowdeck/cards/httpcard"
	"flowdeck/cards/schema"
)

// stripe starts stripe-mock, which checks requests against Stripe's own description of its API.
func stripe(t *testing.T) string {
	t.Helper()
	spec, err := server.LoadSpec(embedded.OpenAPISpec, "")
	must(t, err)
	fixtures, err := server.LoadFixtures(embedded.OpenAPIFixtures, "")
	must(t, err)
	quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	must(t, err)
	out := os.Stdout
	os.Stdout = quiet // it says each request
	t.Cleanup(func() { os.Stdout = out; quiet.Close() })
	stub, err := server.NewStubServer(fixtures, spec, false, false)
	must(t, err)
	s := httptest.NewServer(http.HandlerFunc(stub.HandleRequest))
	t.Cleanup(s.Close)
	return s.URL
}

func TestStripe(t *testing.T) {
	base := stripe(t)
	w := newWorld(t)
	key := w.connect("header", schema.Values{"headers": []any{schema.Values{"name": "Authorization", "value": "Bearer sk_test_1234567890"}}}, strings.TrimPrefix(base, "http://"))

	made := w.call(httpcard.Post, key, schema.Values{"url": base + "/v1/customers", "body_type": "form", "query_arrays": "indices",
		"form": schema.Values{"name": "Maya & Søn", "address": schema.Values{"city": "Århus", "line1": "Åvej 1"}, "preferred_locales": []any{"da", "en"},
			"metadata": schema.Values{"crm_id": "51"}}})
	if made.err != nil || at(made.out, "body", "object") != "customer" {
		t.Errorf("a customer was made as %v, %v", made.out["body"], made.err)
	}
	body := made.trace.Exchanges[0].RequestBody
	for _, want := range []string{"address%5Bcity%5D=%C3%85rhus", "preferred_locales%5B0%5D=da", "preferred_locales%5B1%5D=en", "metadata%5Bcrm_id%5D=51"} {
		if !strings.Contains(body, want) {
			t.Errorf("the form %s lacks %s", body, want)
		}
	}
	for _, h := range made.trace.Exchanges[0].RequestHeaders {
		if strings.Contains(h[1], "sk_test_1234567890") {
			t.Errorf("the trace shows the key in %v", h)
		}
	}

	all := w.call(httpcard.Get, key, schema.Values{"url": base + "/v1/customers", "query": schema.Values{"created": schema.Values{"gte": 1}}, "pagination": "cursor",
		"items_path": "data", "cursor_path": "data[-1].id", "cursor_param": "starting_after", "limit_param": "limit", "page_size": 2, "stop_when": "false", "stop_path": "has_more"})
	if all.err != nil || all.out["more"] != false || at(all.out, "items", 0, "object") != "customer" {
		t.Errorf("the customers are %v, %v", all.out, all.err)
	}
	if u := all.trace.Exchanges[0].URL; !strings.Contains(u, "limit=2") || !strings.Contains(u, "created%5Bgte%5D=1") {
		t.Errorf("asked for %s, want the page size and the nested query", u)
	}
	second := w.call(httpcard.Get, key, schema.Values{"url": base + "/v1/customers", "query": schema.Values{"starting_after": "cus_123"}})
	if second.err != nil || at(second.out, "body", "object") != "list" {
		t.Errorf("after a cursor: %v, %v", second.out, second.err)
	}

	for name, c := range map[string]struct {
		conn, code string
		in         schema.Values
		says       string
	}{
		"no key":              {"", "http_401", schema.Values{"url": base + "/v1/customers"}, "Authorization"},
		"an unknown field":    {key, "http_400", schema.Values{"url": base + "/v1/customers", "body_type": "form", "form": schema.Values{"colour": "red"}}, "additional properties are not allowed"},
		"a path that is none": {key, "http_404", schema.Values{"url": base + "/v1/nothing"}, "Unrecognized request URL"},
	} {
		card := httpcard.Get
		if c.in["form"] != nil {
			card = httpcard.Post
		}
		got := w.call(card, c.conn, c.in)
		if got.err == nil || got.err.Code != c.code {
			t.Errorf("%s: %v, %v, want %s", name, got.out, got.err, c.code)
			continue
		}
		if message, _ := at(got.err.Details, "body", "error", "message").(string); !strings.Contains(message, c.says) {
			t.Errorf("%s: the error keeps %v, want Stripe's words", name, got.err.Details["body"])
		}
	}
}
