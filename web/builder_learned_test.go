package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestWhatAnswersHadIsOfferedAndWhatTheyLostIsMarked(t *testing.T) {
	answer := `{"id":7,"email":"maya@example.com","tags":["new"]}`
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, answer)
	}))
	defer api.Close()
	d := newDraft(newPlace(t).owner())
	d.edit("op", "trigger", "card", "event.manual").want(http.StatusOK)
	d.edit("op", "insert", "card", "http.get", "parent", "", "index", "0").want(http.StatusOK)
	d.edit("op", "set", "step", "get", "field", "url", "value", api.URL+"/customers/7").want(http.StatusOK)
	d.edit("op", "insert", "card", "text.compose", "parent", "", "index", "1").want(http.StatusOK)
	d.edit("op", "set", "step", "compose", "field", "text", "value", "{{get.body.email}} {{get.body.id}} {{get.body.mail}} {{get.body.tags[0]}}").want(http.StatusOK)
	page := "/flows/" + d.id
	d.get(page).want(http.StatusOK).wantNot("data-learned")

	d.send("/steps/get/test").want(http.StatusOK)
	d.get(page).want(http.StatusOK, "get.body.tags[0]&#34;,&#34;tags[0]&#34;,&#34;text&#34;,&#34;new&#34;",
		"No answer of Get had mail so far (1 answer).").wantNot("email is missing", "id was")

	d.send("/steps/get/test").want(http.StatusOK)
	answer = `{"id":"7","tags":[]}`
	d.send("/steps/get/test").want(http.StatusOK)
	d.get(page).want(http.StatusOK,
		"Email is missing in the newest answer of Get; before, it was always there.",
		"Id was a number, in the newest answer of Get it is text.",
		"No answer of Get had mail so far (3 answers).").wantNot("tags[0] is missing")

	d.edit("op", "set", "step", "get", "field", "url", "value", api.URL+"/orders/1").want(http.StatusOK).wantNot("is missing in the newest")
}
