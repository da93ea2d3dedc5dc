package web

import (
	"context"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows/learn"
)

func TestARunSaysWhichValuesWereNotAsInEarlierAnswers(t *testing.T) {
	w, f, failed, _ := crmWorld(t)
	ctx := context.Background()
	doc := crm(w)
	for range 3 {
		usual := map[string]schema.Values{"get": {"status_code": 200, "body": map[string]any{"active": true, "email": int64(7)}}}
		must(t, w.s.Store.Learn(ctx, f.ID, learn.Lessons(doc, w.s.Cards, usual)))
	}
	w.has("/runs/"+failed.ID+"/steps/"+string(failed.ErrorPath), "Not as in earlier answers", "Body.email of Get customer was text; in 3 of 3 answers it is a number.")
	if got := w.page("/runs/" + failed.ID + "/steps/choose"); strings.Contains(got.body, "Not as in earlier answers") {
		t.Error("a card whose values were as usual is marked")
	}
}
