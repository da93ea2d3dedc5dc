package schema

import (
	"strings"
	"testing"
)

type paged struct {
	Kind  string `json:"kind" default:"none" options:"none|link|page" form:"fixed"`
	Path  string `json:"path" form:"required" when:"kind=link"`
	First int    `json:"first" default:"1" min:"0" when:"kind=page"`
	Most  int    `json:"most" default:"100" when:"kind=link|page"`
	Stop  string `json:"stop" default:"no" options:"no|when" when:"kind=link|page"`
	Equal string `json:"equal" form:"required" when:"stop=when"`
}

func TestFieldsAreAskedForByTheirSibling(t *testing.T) {
	for _, c := range []struct {
		in       Values
		problems string
		want     paged
	}{
		{Values{}, "", paged{Kind: "none"}},
		{Values{"path": "a.b", "first": "x", "equal": "z"}, "", paged{Kind: "none"}},
		{Values{"kind": "link"}, "path: is required", paged{}},
		{Values{"kind": "link", "path": "a.b", "first": "x"}, "", paged{Kind: "link", Path: "a.b", Most: 100, Stop: "no"}},
		{Values{"kind": "page", "first": "-1"}, "first: must be at least 0, got number -1", paged{}},
		{Values{"kind": "page", "stop": "when"}, "equal: is required", paged{}},
		{Values{"kind": "page", "stop": "when", "equal": "7"}, "", paged{Kind: "page", First: 1, Most: 100, Stop: "when", Equal: "7"}},
		{Values{"kind": "none", "stop": "when"}, "", paged{Kind: "none"}}, // what it depends on is not asked for
		{Values{"kind": "link", "path": "p", "else": 1}, "else: is not a field here; remove it", paged{}},
	} {
		var got paged
		err := Of[paged]().Decode(c.in, &got)
		switch {
		case c.problems == "" && (err != nil || got != c.want):
			t.Errorf("Decode(%v) = %+v, %v, want %+v", c.in, got, err, c.want)
		case c.problems != "" && (err == nil || err.Error() != c.problems):
			t.Errorf("Decode(%v) says %v, want %s", c.in, err, c.problems)
		}
	}
	if p := Of[paged]().Check(Values{"kind": Later}); len(p) == 0 || p[0].Field != "path" {
		t.Errorf("Check says %v, want path required when the kind is not known yet", p)
	}
}

func TestConditionsThatCannotBe(t *testing.T) {
	for want, declare := range map[string]func(){
		"which is no field before it": func() {
			Of[struct {
				A string `json:"a" when:"b=1"`
				B string `json:"b"`
			}]()
		},
		"which b cannot be": func() {
			Of[struct {
				B string `json:"b" options:"x|y"`
				A string `json:"a" when:"b=z"`
			}]()
		},
		"a condition that is none": func() {
			Of[struct {
				A string `json:"a" when:"b"`
			}]()
		},
		"has a wrong default": func() {
			Of[struct {
				B bool `json:"b"`
				A int  `json:"a" default:"x" when:"b=true"`
			}]()
		},
	} {
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, want) {
					t.Errorf("Of panics with %q, want %q", said, want)
				}
			}()
			declare()
		}()
	}
}
