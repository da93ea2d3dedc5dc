package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// calls is another server that counts who called; it fails the paths in broken.
type calls struct {
	mu     sync.Mutex
	paths  []string
	broken map[string]bool
}

func (c *calls) serve(rw http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = append(c.paths, r.URL.Path)
	rw.Header().Set("Content-Type", "application/json")
	if c.broken[r.URL.Path] {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
	fmt.Fprintf(rw, `{"at":%q}`, r.URL.Path)
}

// taken returns the paths since the last time.
func (c *calls) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	paths := c.paths
	c.paths = nil
	return paths
}

// ended waits for the newest run of all and returns it.
func (w *world) ended() flows.Run { return w.over(w.newest()) }

func TestPartsOfADraftRunWithGivenOutputs(t *testing.T) {
	up := &calls{broken: map[string]bool{}}
	w := newWorld(t, up.serve)
	w.signIn()
	base := w.upstream.URL
	f := w.publish("parts", public, endpointDoc(nil,
		step("a", "http.get", schema.Values{"url": base + "/a"}),
		step("b", "http.post", schema.Values{"url": base + "/b", "body": "{{ a.body.at }}"}),
		flows.Step{ID: "check", Card: "control.if", Inputs: schema.Values{"conditions": []any{schema.Values{"left": "{{ b.body.at }}", "operator": "equals", "right": "/b"}}},
			Blocks: map[string]flows.Block{"then": {Chain: []flows.Step{step("c", "http.get", schema.Values{"url": base + "/c?{{ b.body.at }}"})}}}},
		step("d", "http.get", schema.Values{"url": base + "/d"}),
		step("out", "control.return", schema.Values{"values": schema.Values{"b": "{{ b.body.at }}"}}),
	))
	at := "/flows/" + f.ID
	try := func(what, path string, want []string, fields ...string) flows.Run {
		t.Helper()
		w.want(what, w.form(true, path, fields...), http.StatusOK, "")
		run := w.ended()
		if got := up.taken(); !slices.Equal(got, want) {
			t.Errorf("%s called %q, want %q", what, got, want)
		}
		return run
	}
	whole := try("a whole run", at+"/run", []string{"/a", "/b", "/c", "/d"})

	w.want("a pin that is no object", w.form(true, at+"/steps/b/pin", "output", "[1]"), http.StatusUnprocessableEntity, "Must be an object")
	w.want("a pin", w.form(true, at+"/steps/b/pin", "output", `{"body":{"at":"/b"},"n":12345678901234567890}`), http.StatusOK, "Pinned")
	run := try("a run with a pin", at+"/run", []string{"/a", "/c", "/d"})
	if run.Output["b"] != "/b" {
		t.Errorf("with b pinned the flow returned %v", run.Output)
	}
	w.want("its page", w.send(w.browser, http.MethodGet, "/runs/"+run.ID, ""), http.StatusOK, "its output is pinned")
	w.want("a call of the published version", w.call(http.MethodPost, "/api/flows/parts/invoke", "{}"), http.StatusOK, "")
	if got := up.taken(); len(got) != 4 {
		t.Errorf("a published run with a pin on its draft called %q, want all four", got)
	}

	try("a run to c", at+"/run", []string{"/a", "/c"}, "step", "c", "way", "to")
	try("a run to the pinned card itself", at+"/run", []string{"/a", "/b"}, "step", "b", "way", "to")
	w.want("the dialog", w.send(w.browser, http.MethodGet, at+"/steps/c/run?way=from&values="+whole.ID, ""), http.StatusOK, "from that run")
	try("a run from c", at+"/run", []string{"/c", "/d"}, "step", "c", "way", "from", "values", whole.ID)
	w.want("taking the pin off", w.form(true, at+"/steps/b/unpin"), http.StatusOK, "")
	run = try("a run from d", at+"/run", []string{"/d"}, "step", "d", "way", "from", "values", whole.ID)
	if run.Output["b"] != "/b" || run.RerunOf != whole.ID {
		t.Errorf("the run from d returned %v, and is a re-run of %q", run.Output, run.RerunOf)
	}
	w.want("values of a run of another flow", w.form(true, at+"/run", "step", "d", "way", "from", "values", "r_other"), http.StatusNotFound, "")
	w.want("the builder with a run's values", w.send(w.browser, http.MethodGet, at+"?run="+whole.ID, ""), http.StatusOK, "Values of the run of")
}

func TestAFailedRunGoesOnWhereItFailed(t *testing.T) {
	up := &calls{broken: map[string]bool{"/b": true}}
	w := newWorld(t, up.serve)
	w.signIn()
	base := w.upstream.URL
	doc := endpointDoc(nil, step("a", "http.get", schema.Values{"url": base + "/a"}), step("b", "http.post", schema.Values{"url": base + "/b", "body": "{}"}),
		step("c", "http.get", schema.Values{"url": base + "/c{{ a.body.at }}"}))
	f := w.publish("redo", public, doc)
	w.call(http.MethodPost, "/api/flows/redo/invoke", "{}")
	failed := w.ended()
	up.taken()
	w.want("the dialog", w.send(w.browser, http.MethodGet, "/runs/"+failed.ID+"/redo", ""), http.StatusOK, "it failed with http_503")

	up.broken = map[string]bool{}
	again := w.form(true, "/runs/"+failed.ID+"/redo", "version", "same")
	if to := again.header.Get("HX-Redirect"); !strings.HasPrefix(to, "/runs/r_") {
		t.Fatalf("going on leads to %q: %d %s", to, again.status, again.body)
	}
	run := w.ended()
	if got := up.taken(); run.Status != flows.Succeeded || !slices.Equal(got, []string{"/b", "/c/a"}) {
		t.Errorf("going on called %q and %s", got, run.Status)
	}
	doc.Chain[2].Inputs = schema.Values{"url": base + "/new{{ a.body.at }}"}
	must(t, func() error {
		_, err := w.s.Store.SaveDraft(context.Background(), f.ID, w.flow(f.ID).Revision, doc, store.Change{})
		return err
	}())
	w.publishAgain(f.ID, doc)
	w.form(true, "/runs/"+failed.ID+"/redo", "version", "live")
	run = w.ended()
	if got := up.taken(); run.Version != 2 || !slices.Equal(got, []string{"/b", "/new/a"}) {
		t.Errorf("going on with the newer version called %q as v%d", got, run.Version)
	}
}

// What a card wrote is done again when the version that goes on has it elsewhere, or another
// card in its place: the dialog says so, for the version that is chosen.
func TestGoingOnWithAnotherVersionSaysWhatItRepeats(t *testing.T) {
	up := &calls{broken: map[string]bool{"/c": true}}
	w := newWorld(t, up.serve)
	w.signIn()
	base := w.upstream.URL
	a := step("a", "http.post", schema.Values{"url": base + "/a", "body": "{}"})
	b := step("b", "http.post", schema.Values{"url": base + "/b", "body": "{}"})
	k := step("k", "http.post", schema.Values{"url": base + "/k", "body": "{}"})
	c := step("c", "http.post", schema.Values{"url": base + "/c", "body": "{}"})
	f := w.publish("moved", public, endpointDoc(nil, a, b, k, c))
	w.call(http.MethodPost, "/api/flows/moved/invoke", "{}")
	failed := w.ended()
	up.taken()
	b.Card = "http.put"
	loop := step("loop", "control.each", schema.Values{"items": []any{"x"}})
	loop.Blocks = map[string]flows.Block{"each": {Chain: []flows.Step{a}}}
	doc := endpointDoc(nil, loop, b, k, c)
	must(t, func() error {
		_, err := w.s.Store.SaveDraft(context.Background(), f.ID, w.flow(f.ID).Revision, doc, store.Change{})
		return err
	}())
	w.publishAgain(f.ID, doc)
	for _, x := range []struct {
		version string
		has     []string
		not     []string
	}{
		{"same", []string{"3 finished cards will not run again", "it failed with http_503"}, []string{"took effect"}},
		{"live", []string{"1 finished card will not run again", "Post (step 2.1): it took effect, and stands elsewhere in this version", "Put (step 3): it took effect, and is another card in this version", "it failed with http_503"}, []string{"4 Post: it took"}},
	} {
		page := w.send(w.browser, http.MethodGet, "/runs/"+failed.ID+"/redo?version="+x.version, "")
		for _, part := range x.has {
			w.want(x.version, page, http.StatusOK, part)
		}
		for _, part := range x.not {
			if strings.Contains(page.body, part) {
				t.Errorf("%s: the dialog says %q", x.version, part)
			}
		}
	}
	from := w.send(w.browser, http.MethodGet, "/flows/"+f.ID+"/steps/c/run?way=from&values="+failed.ID, "")
	if n := strings.Count(from.body, "from that run"); n != 1 {
		t.Errorf("running from c takes %d cards from that run, want k alone: %s", n, from.body)
	}
	for version, times := range map[string]int{"same": 1, "live": 3} {
		page := w.send(w.browser, http.MethodGet, "/redos/new?flow="+f.ID+"&version="+version, "")
		list := excerpt(page.body, "redo-w-failed", "redo-w-start")
		if n := strings.Count(list, "once;"); n != times {
			t.Errorf("taking up all with %s repeats %d cards, want %d: %s", version, n, times, list)
		}
	}
	up.broken = map[string]bool{}
	w.form(true, "/runs/"+failed.ID+"/redo", "version", "live")
	w.ended()
	if got := up.taken(); !slices.Equal(got, []string{"/a", "/b", "/c"}) {
		t.Errorf("going on with the newer version called %q", got)
	}
}
