package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
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
}
