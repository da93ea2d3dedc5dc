package views

import (
	"strings"
	"testing"
)

func TestSegments(t *testing.T) {
	for template, want := range map[string]string{
		"":                                "",
		"plain":                           "plain",
		"{{a.b}}":                         "<a.b>",
		"x {{ a.b }} y":                   "x |<a.b>| y",
		"{{a}}{{b}}":                      "<a>|<b>",
		"{{ f(\"}}\") }}!":                "<f(\"}}\")>|!",
		"open {{ only":                    "open {{ only",
		"{{a ?? \"it's \\\"x\\\"\"}} end": "<a ?? \"it's \\\"x\\\"\">| end",
	} {
		var got []string
		for _, s := range Segments(template, func(src string) PillModel { return PillModel{Label: src} }) {
			if s.Pill != nil {
				got = append(got, "<"+s.Pill.Ref+">")
			} else {
				got = append(got, s.Text)
			}
		}
		if strings.Join(got, "|") != want {
			t.Errorf("Segments(%q) = %q, want %q", template, strings.Join(got, "|"), want)
		}
	}
}

func TestTheBoxOfAFieldHoldsItsTextAndNothingElse(t *testing.T) {
	pill := func(src string) PillModel { return PillModel{Label: src, Number: "1"} }
	value := "a <b> \n {{x.y}}  "
	var got strings.Builder
	if err := composeBox(StepField{ID: "f", Kind: FieldMultiline, Segments: Segments(value, pill)}, true).Render(t.Context(), &got); err != nil {
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
