package views

import (
	"regexp"
	"strings"
	"testing"
)

var braces = regexp.MustCompile(`\{\{(.+?)\}\}`)

// cut makes segments of a template, as whoever fills the model does.
func cut(template string, look func(src string) PillModel) []Segment {
	var list []Segment
	at := 0
	for _, m := range braces.FindAllStringSubmatchIndex(template, -1) {
		if m[0] > at {
			list = append(list, Segment{Text: template[at:m[0]]})
		}
		pill := look(template[m[2]:m[3]])
		pill.Ref = template[m[2]:m[3]]
		list, at = append(list, Segment{Pill: &pill}), m[1]
	}
	if at < len(template) {
		list = append(list, Segment{Text: template[at:]})
	}
	return list
}

func TestTheBoxOfAFieldHoldsItsTextAndNothingElse(t *testing.T) {
	pill := func(src string) PillModel { return PillModel{Label: src, Number: "1"} }
	value := "a <b> \n {{x.y}}  "
	var got strings.Builder
	if err := composeBox(StepField{ID: "f", Kind: FieldMultiline, Segments: cut(value, pill)}, true).Render(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	_, inside, _ := strings.Cut(got.String(), ">")
	before, after, _ := strings.Cut(inside, `<span class="pill`)
	if before != "a &lt;b&gt; \n " {
		t.Errorf("text before the pill is %q, want %q", before, "a &lt;b&gt; \n ")
	}
	if !strings.HasSuffix(after, "</span>  </div>") {
		t.Errorf("text after the pill is %q, want it to end with two spaces", after)
	}
}

func TestURLsWrapAfterSlashes(t *testing.T) {
	got := strings.Join(urlBreaks("https://api.acme.io/v2/customers?a=1&b=2"), "|")
	want := "https://|api.acme.io/|v2/|customers?|a=1&|b=2"
	if got != want {
		t.Errorf("urlBreaks = %q, want %q", got, want)
	}
}
