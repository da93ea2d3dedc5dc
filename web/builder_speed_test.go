package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// longDraft is a flow of n cards, with branches, whose cards refer to one another.
func longDraft(n int) flows.Document {
	doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}}
	for i := 0; len(doc.All())-1 < n; i++ {
		id := fmt.Sprint("get_", i)
		doc.Chain = append(doc.Chain, flows.Step{ID: id, Card: "http.get", Inputs: schema.Values{"url": "https://api.example.com/items/" + strconv.Itoa(i)}})
		post := flows.Step{ID: fmt.Sprint("post_", i), Card: "http.post", Inputs: schema.Values{"url": "https://api.example.com/items", "body": "{\"id\": {{" + id + ".body.id}}}"}}
		text := flows.Step{ID: fmt.Sprint("text_", i), Card: "text.compose", Inputs: schema.Values{"text": "No {{" + id + ".status_code}}"}}
		doc.Chain = append(doc.Chain, flows.Step{ID: fmt.Sprint("if_", i), Card: "control.if",
			Inputs: schema.Values{"conditions": []any{schema.Values{"left": "{{" + id + ".body.ok}}", "operator": "is_true"}}},
			Blocks: map[string]flows.Block{"then": {Chain: []flows.Step{post}}, "else": {Chain: []flows.Step{text}}}})
	}
	return doc
}

func BenchmarkBuilderOf300Cards(b *testing.B) {
	p := newPlace(b)
	browser := p.owner()
	d := newDraft(browser)
	rev, err := p.Store.SaveDraft(b.Context(), d.id, d.rev, longDraft(300), store.Change{UserID: "u", By: "Maya", Label: "long", Edit: []byte("{}"), Inverse: []byte("{}")})
	if err != nil {
		b.Fatal(err)
	}
	d.rev = rev
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			body := d.get("/flows/" + d.id).want(http.StatusOK).body
			b.ReportMetric(float64(len(body)), "bytes")
		}
	})
	b.Run("edit", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			form := url.Values{"rev": {strconv.FormatInt(d.rev, 10)}, "op": {"set"}, "step": {"get_7"}, "field": {"url"}, "value": {"https://api.example.com/" + strconv.Itoa(n)}}
			body := d.post("/flows/"+d.id+"/edit", form, "HX-Request", "true").want(http.StatusOK).body
			d.rev++
			b.ReportMetric(float64(len(body)), "bytes")
		}
	})
	b.Run("insert", func(b *testing.B) {
		for b.Loop() {
			form := url.Values{"rev": {strconv.FormatInt(d.rev, 10)}, "op": {"insert"}, "card": {"text.compose"}, "parent": {""}, "index": {"0"}, "whole": {"get_0 get_1"}}
			body := d.post("/flows/"+d.id+"/edit", form, "HX-Request", "true").want(http.StatusOK).body
			d.rev++
			b.ReportMetric(float64(len(body)), "bytes")
		}
	})
}

// TestALongFlowIsDrawnLight counts what a browser has to take in: a long flow must
// not send the forms of cards that nobody sees, nor an edit what it did not change.
func TestALongFlowIsDrawnLight(t *testing.T) {
	p := newPlace(t)
	d := newDraft(p.owner())
	rev, err := p.Store.SaveDraft(t.Context(), d.id, d.rev, longDraft(300), store.Change{UserID: "u", By: "Maya", Label: "long", Edit: []byte("{}"), Inverse: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	d.rev = rev
	atMost := func(what, body string, elements, bytes int) {
		t.Helper()
		if n := strings.Count(body, "<") - strings.Count(body, "</"); n > elements || len(body) > bytes {
			t.Errorf("%s has %d elements in %d bytes, want at most %d in %d", what, n, len(body), elements, bytes)
		}
	}
	page := d.get("/flows/"+d.id).want(http.StatusOK, `id="f-get_1-url"`, `id="card-get_50"`, "data-light", "post_1:5.1").wantNot(`id="f-get_50-url"`)
	atMost("the page", page.body, 11_000, 900_000)

	form := d.get("/flows/"+d.id+"/cards?whole=get_50+if_50").want(http.StatusOK, `hx-target="#card-get_50"`, `id="f-get_50-url"`, `id="step-post_50" data-same`).wantNot("get_51")
	atMost("two cards", form.body, 900, 100_000)

	set := d.edit("op", "set", "step", "get_50", "field", "url", "value", "https://x.test/", "whole", "start get_50").want(http.StatusOK, `hx-target="#step-get_50"`, `value="https://x.test/"`).wantNot("canvas-world", "get_51")
	atMost("the answer to a value that was set", set.body, 400, 40_000)

	// All cards after it have other numbers then, but only the next one sees something else.
	insert := d.edit("op", "insert", "card", "text.compose", "parent", "", "index", "0", "whole", "start").want(http.StatusOK, `hx-target="#step-start" hx-swap="afterend"`, `id="card-compose"`, `data-numbers="start:1 compose:2 get_0:3`).wantNot("canvas-world", "data-same")
	if list := stepsIn(insert.body); !slices.Equal(list, []string{"compose", "get_0"}) {
		t.Errorf("the answer to a card put first draws %q, want the card and the one after it", list)
	}
	atMost("the answer to a card put first", insert.body, 400, 40_000)

	undo := d.post("/flows/"+d.id+"/undo", url.Values{"rev": {strconv.FormatInt(d.rev, 10)}, "whole": {"start"}}, "HX-Request", "true").want(http.StatusOK, `hx-target="#step-compose" hx-swap="delete"`, `data-numbers="start:1 get_0:2`).wantNot("canvas-world", "data-same")
	d.rev++
	if list := stepsIn(undo.body); !slices.Equal(list, []string{"get_0"}) {
		t.Errorf("the answer to a card taken back draws %q, want the one after it", list)
	}
	atMost("the answer to a card taken back", undo.body, 400, 40_000)

	off := d.edit("op", "toggle", "step", "get_50", "whole", "start post_50").want(http.StatusOK, `id="f-post_50-body"`, "missing").wantNot(`id="f-get_50-url"`, "canvas-world")
	if list := stepsIn(off.body); !slices.Equal(list, []string{"get_50", "if_50", "post_50", "text_50"}) {
		t.Errorf("the answer to a card switched off draws %q, want that card and those that use it", list)
	}
	atMost("the answer to a card switched off", off.body, 700, 60_000)

	move := d.edit("op", "move", "step", "get_50", "parent", "", "index", "0", "whole", "start").want(http.StatusOK, "canvas-world", `id="step-get_49" data-same`)
	atMost("the answer to a card that was moved", move.body, 1500, 120_000)
}

// stepsIn are the steps that an answer draws, in its order.
func stepsIn(body string) (ids []string) {
	for _, m := range regexp.MustCompile(`<li class="step" id="step-(\w+)"(?: data-ui-rests)?>`).FindAllStringSubmatch(body, -1) {
		ids = append(ids, m[1])
	}
	return ids
}
