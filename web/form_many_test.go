package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
)

// A list in each row of a list: every row asks for rows of its own.
func TestFormOfManyRowsIsReadQuickly(t *testing.T) {
	const rows = 10_000
	text := schema.Field{Name: "name", Type: schema.Text}
	inner := schema.Field{Name: "notes", Type: schema.List, Members: schema.Form{Fields: []schema.Field{text}}}
	form := schema.Form{Fields: []schema.Field{{Name: "people", Type: schema.List, Members: schema.Form{Fields: []schema.Field{text, inner}}}}}
	posted := url.Values{}
	for i := range rows {
		row := "people." + strconv.Itoa(i)
		posted.Set(row+".name", "n"+strconv.Itoa(i))
		posted.Set(row+".notes.1.name", "second")
		posted.Set(row+".notes.0.name", "first")
	}
	posted.Set("people."+strings.Repeat("0.", 1<<20), "a name of many parts")
	start := time.Now()
	r := reader{posted: posted}
	people := r.object(form, "")["people"].([]any)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%d rows took %s", rows, took)
	}
	if len(people) != rows {
		t.Fatalf("got %d rows, want %d", len(people), rows)
	}
	last := people[rows-1].(schema.Values)
	notes, _ := last["notes"].([]any)
	if last["name"] != "n9999" || len(notes) != 2 || notes[0].(schema.Values)["name"] != "first" {
		t.Errorf("the last row is %v", last)
	}
}
