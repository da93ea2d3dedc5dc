package web

import (
	"context"
	"html"
	"net/http"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows/flowtest"
	"flowdeck/flows/store"
)

func TestARunBecomesATestThatGuardsPublishing(t *testing.T) {
	up := &calls{}
	w := newWorld(t, up.serve)
	w.signIn()
	base := w.upstream.URL
	doc := endpointDoc(nil, step("a", "http.get", schema.Values{"url": base + "/a"}), step("b", "http.post", schema.Values{"url": base + "/b", "body": `{"from": {{ a.body.at }}}`}),
		step("reply", "http.close", schema.Values{"status_code": int64(201), "body": `{"at": {{ b.body.at }}}`}))
	f := w.publish("tested", public, doc)
	w.call(http.MethodPost, "/api/flows/tested/invoke", "{}")
	run := w.over(w.newest())
	up.taken()
	at := "/flows/" + f.ID

	w.want("the dialog", w.visit("/runs/"+run.ID+"/test"), http.StatusOK, "Save this run as a test")
	w.want("a test without a name", w.form(true, "/runs/"+run.ID+"/test", "name", " "), http.StatusUnprocessableEntity, "between 1 and 200")
	made := w.form(true, "/runs/"+run.ID+"/test", "name", "Writes b")
	page := made.header.Get("HX-Redirect")
	if !strings.HasPrefix(page, at+"/tests/t_") {
		t.Fatalf("saving leads to %q: %d %s", page, made.status, made.body)
	}
	w.want("its page", w.visit(page), http.StatusOK, "response.body")
	w.want("it passes", w.form(true, at+"/tests/run", "against", "live"), http.StatusOK, "Passed")
	w.want("publishing needs it", w.form(true, at+"/tests/require", "required", "true"), http.StatusOK, "checked")

	doc.Chain[1].Inputs = schema.Values{"url": base + "/b", "body": `{"from": "elsewhere"}`}
	_, err := w.s.Store.SaveDraft(context.Background(), f.ID, w.flow(f.ID).Revision, doc, store.Change{})
	must(t, err)
	w.want("the publish dialog", w.visit(at+"/publish"), http.StatusOK, "1 test fails")
	refused := w.form(true, at+"/publish", "rev", literal(w.flow(f.ID).Revision))
	if refused.status != http.StatusUnprocessableEntity || w.flow(f.ID).Version != 1 {
		t.Errorf("publishing with a failing test: %d, version %d", refused.status, w.flow(f.ID).Version)
	}
	w.want("what failed", w.visit(at+"/tests"), http.StatusOK, "the body differs")
	if got := up.taken(); len(got) != 0 {
		t.Errorf("tests called %q", got)
	}

	rows, err := w.s.Store.FlowTests(context.Background(), f.ID)
	must(t, err)
	w.want("a change with mistakes", w.form(true, page, "rev", literal(rows[0].Revision), "name", "x", "event", "{", "exchanges", "[]", "given", "{}"), http.StatusUnprocessableEntity, "Is not JSON")
	saved := w.form(true, page, "rev", literal(rows[0].Revision), "name", "Empty", "event", "{}", "exchanges", "[]", "given", "{}", "run", "draft",
		"expect.0.value", "status", "expect.0.operator", "equals", "expect.0.with", "failed")
	w.want("a changed test", saved, http.StatusOK, "The recording has no request left")
	w.want("a change that comes second", w.form(true, page, "rev", literal(rows[0].Revision), "name", "y", "event", "{}"), http.StatusConflict, "Somebody else changed this test")
	w.form(true, page+"/delete")
	w.want("no more tests", w.visit(at+"/tests"), http.StatusOK, "No tests yet")
	if err := func() error { _, err := w.s.Store.FlowTest(context.Background(), f.ID, rows[0].ID); return err }(); !notFound(err) {
		t.Errorf("the deleted test is there still: %v", err)
	}
}

func TestThePageOfATestChangesOnlyWhatWasTyped(t *testing.T) {
	w := newWorld(t, (&calls{}).serve)
	w.signIn()
	f := w.publish("texts", public, endpointDoc(nil, step("reply", "http.close", schema.Values{"body": `"true"`})))
	with := []any{"true", "12", "null", "plain", " spaced ", "", int64(12), true, map[string]any{"a": "1"}}
	expect := make([]any, len(with))
	for i, x := range with {
		expect[i] = map[string]any{"value": "response.body", "operator": "equals", "with": x}
	}
	body, err := schema.EncodeJSON(map[string]any{"event": map[string]any{}, "started": "2026-01-01T00:00:00Z", "expect": expect})
	must(t, err)
	ctx := context.Background()
	must(t, w.s.Store.CreateFlowTest(ctx, store.FlowTest{ID: "t_1", FlowID: f.ID, Name: "Texts", Body: string(body)}))
	at := "/flows/" + f.ID + "/tests/t_1"
	page := w.visit(at).body
	form := []string{"rev", "1", "name", "Texts", "event", "{}"}
	for i := range with {
		n := "expect." + literal(i)
		_, rest, _ := strings.Cut(page, `name="`+n+`.with"`)
		_, rest, _ = strings.Cut(rest, `value="`)
		text, _, _ := strings.Cut(rest, `"`)
		form = append(form, n+".value", "response.body", n+".operator", "equals", n+".with", html.UnescapeString(text))
	}
	w.want("saved as it was shown", w.form(true, at, form...), http.StatusOK, "Texts")
	kept, err := w.s.Store.FlowTest(ctx, f.ID, "t_1")
	must(t, err)
	test, err := flowtest.Parse([]byte(kept.Body))
	must(t, err)
	for i, e := range test.Expect {
		if with[i] != "" && !schema.Equal(e.With, with[i]) {
			t.Errorf("compared with %#v, and after saving with %#v", with[i], e.With)
		}
	}
	refused := w.form(true, at, "rev", "1", "name", " ", "event", "{}")
	w.want("with a mistake, of what is not there any more", refused, http.StatusUnprocessableEntity, `name="rev" value="1"`)
}
