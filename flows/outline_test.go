package flows

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func TestWhatAStepMaySee(t *testing.T) {
	for _, c := range []struct{ step, want string }{
		{"call", ""}, {"get", "call"}, {"check", "get call"}, {"post", "get call"}, {"again", "get call"},
		{"close", "again? post? check get call"}, {"gone", ""},
	} {
		if got := seen(Visible(flow(), c.step, registry)); got != c.want {
			t.Errorf("Visible(%s) = %q, want %q", c.step, got, c.want)
		}
	}
	for _, c := range []struct {
		parent string
		index  int
		want   string
	}{
		{"", 0, "call"}, {"", 1, "get call"}, {"", -1, "close again? post? check get call"}, {"check/then", 0, "get call"},
		{"check/then", 1, "post get call"}, {"check/else", 1, "again get call"}, {"gone/then", 0, ""},
	} {
		if got := seen(VisibleAt(flow(), c.parent, c.index, registry)); got != c.want {
			t.Errorf("VisibleAt(%s, %d) = %q, want %q", c.parent, c.index, got, c.want)
		}
	}
}

func seen(list []Source) string {
	var names []string
	for _, s := range list {
		if s.Maybe {
			s.Step += "?"
		}
		names = append(names, s.Step)
	}
	return strings.Join(names, " ")
}

func TestWhatAStepOffers(t *testing.T) {
	doc := edited("get", func(s *Step) {
		s.Policy.OnError = "continue"
		s.Outputs = []Output{{Path: "body.user.email", Type: schema.Text}, {Path: `headers["x-id"]`, Type: schema.Text}, {Path: "body.user", Type: schema.Object}}
	})
	doc.Chain = append(doc.Chain, Step{ID: "make", Card: "object.set", Inputs: schema.Values{"fields": map[string]any{"b": int64(1), "a": "{{ get.body }}", "x-y": "t"}}, Order: map[string][]string{"fields": {"b"}}})
	all := Outputs(doc, registry)
	for _, c := range []struct {
		step string
		want []string
	}{
		{"call", []string{"0 method text", "0 headers object", "0 query object", "0 body any", "0 customer text"}},
		{"get", []string{"0 status_code number", "0 headers object", `1 headers["x-id"] text declared`, "0 body any", "1 body.user.email text declared", "1 body.user object declared",
			"0 error object", "1 error.code text", "1 error.message text", "1 error.status number", "1 error.headers object", "1 error.body any",
			"1 error.step text", "1 error.path text", "1 error.attempt number", "1 error.retryable boolean", "1 error.details object"}},
		{"check", []string{"0 branch text", "0 who any"}},
		{"make", []string{"0 b number", "0 a any", `0 ["x-y"] text`}},
	} {
		var got []string
		for _, o := range all[c.step] {
			line := fmt.Sprintf("%d %s %s", o.Depth, o.Path, o.Type)
			if o.Declared {
				line += " declared"
			}
			got = append(got, line)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("Outputs of %s\ngot  %q\nwant %q", c.step, got, c.want)
		}
	}
}

func TestIDsComeFromTitlesAndAreNew(t *testing.T) {
	for _, c := range []struct{ card, want string }{
		{"http.get", "get_2"}, {"http.post", "post_2"}, {"control.if", "if_else"}, {"event.endpoint", "api_endpoint"}, {"object.set", "set_fields"},
	} {
		card, _ := registry.Card(c.card)
		if got := NewStepID(flow(), card); got != c.want {
			t.Errorf("NewStepID(%s) = %q, want %q", c.card, got, c.want)
		}
	}
}

func TestNumbersCountThroughTheBlocks(t *testing.T) {
	want := map[string]string{"call": "1", "get": "2", "check": "3", "post": "3.1", "again": "3.2", "close": "4"}
	if got := Number(flow(), registry); !reflect.DeepEqual(got, want) {
		t.Errorf("Number = %v, want %v", got, want)
	}
}
