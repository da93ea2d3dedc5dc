// Package cardtest runs the examples that cards are documented with.
//
// An example is documentation and a test: what it shows must be what the card
// does. It is for tests alone.
package cardtest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows/expr"
)

// Now is what the clock says while examples run.
var Now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// Run runs every example of every card. Whatever host an example names, world answers.
func Run(t *testing.T, world http.Handler, list ...cards.Card) {
	t.Helper()
	env := Env(t, world)
	for _, c := range list {
		if len(c.Examples) < 2 {
			t.Errorf("%s has %d examples, want at least 2", c.Name, len(c.Examples))
		}
		for _, x := range c.Examples {
			t.Run(c.Name+"/"+x.Title, func(t *testing.T) { example(t, env, c, x) })
		}
	}
}

// Env is what a function card gets in a test: world answers, whatever host is asked.
func Env(t *testing.T, world http.Handler) cards.Env {
	s := httptest.NewServer(world)
	t.Cleanup(s.Close)
	base, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	to := &http.Transport{}
	t.Cleanup(to.CloseIdleConnections)
	return cards.Env{HTTP: &http.Client{Transport: everywhere{base, to}}, Now: func() time.Time { return Now }, Key: "r_1/step"}
}

func example(t *testing.T, env cards.Env, c cards.Card, x cards.Example) {
	env.Tables, env.Export = newPeople(), exported
	out, err := perform(t, env, c, planned(t, c, normal(t, x.In)))
	if x.Err != "" {
		if err == nil || cards.ErrorOf(err).Code != x.Err {
			t.Fatalf("%s(%v) = %v, %v, want the error %s", c.Name, x.In, out, err, x.Err)
		}
		return
	}
	if err != nil {
		t.Fatalf("%s(%v) = %v", c.Name, x.In, err)
	}
	if got := normal(t, out); !schema.Equal(got, out) {
		t.Errorf("%s(%v) puts out %#v, which flows do not carry", c.Name, x.In, out)
	}
	for k, want := range normal(t, x.Out) { // an example shows what matters, not every header
		if got := out[k]; !schema.Equal(got, want) {
			t.Errorf("%s(%v).%s = %v, want %v", c.Name, x.In, k, got, want)
		}
	}
}

// perform does what the card does. What an event puts out is what its example says,
// held against its forms; what a control card does to its flow counts as output.
func perform(t *testing.T, env cards.Env, c cards.Card, in schema.Values) (schema.Values, error) {
	switch c.Kind {
	case cards.Function:
		return c.Call(t.Context(), env, in)
	case cards.Control:
		flow := &Flow{Results: map[string]schema.Values{}}
		for _, b := range c.Blocks {
			flow.Results[b.Name] = schema.Values{"ran": b.Name}
		}
		out, err := c.Control(flow, in)
		return flow.outcome(out, err)
	}
	if p := c.Inputs.Check(in); p != nil {
		return nil, p
	}
	declared, p := schema.Declared(listOf(in[c.OutputsFrom]))
	if p != nil {
		return nil, p
	}
	for _, x := range c.Examples {
		if schema.Equal(normal(t, x.In), in) {
			out := normal(t, x.Out)
			form := c.Outputs
			form.Fields = append(form.Fields[:len(form.Fields):len(form.Fields)], declared.Fields...)
			_, p := schema.Form{Fields: form.Fields}.Convert(out)
			return out, p.Err()
		}
	}
	return nil, nil
}

// planned makes expressions of what stands in the fields that want them.
func planned(t *testing.T, c cards.Card, in schema.Values) schema.Values {
	t.Helper()
	for _, f := range c.Inputs.Fields {
		text, ok := in[f.Name].(string)
		if f.Format != schema.Inline || !ok {
			continue
		}
		n, err := expr.Library{}.Inline(text, f.Vars)
		if err != nil {
			t.Fatalf("%s: the expression %s: %v", c.Name, text, err)
		}
		in[f.Name], _ = n.Eval(nil)
	}
	return in
}

func listOf(v any) []any { l, _ := v.([]any); return l }

// normal makes what Go literals hold the values that flows carry.
func normal(t *testing.T, v schema.Values) schema.Values {
	t.Helper()
	if v == nil {
		return nil
	}
	n, err := schema.Normal(v)
	if err != nil {
		t.Fatal(err)
	}
	return n.(schema.Values)
}

// everywhere sends every request to one server and leaves the request as it was.
type everywhere struct {
	base *url.URL
	to   *http.Transport
}

func (e everywhere) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := req.Clone(req.Context())
	sent.URL.Scheme, sent.URL.Host = e.base.Scheme, e.base.Host
	res, err := e.to.RoundTrip(sent)
	if res != nil {
		res.Request = req
	}
	return res, err
}
