package all

import (
	"regexp"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestEveryExample(t *testing.T) { cardtest.Run(t, cardtest.World(), Registry().All()...) }

func TestEveryCardExplainsItself(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+\.[a-z]+(_?[a-z0-9]+)*$`)
	for _, c := range Registry().All() {
		if !name.MatchString(c.Name) {
			t.Errorf("%q is not a name such as http.get", c.Name)
		}
		if c.Category == "" || c.Family == "" || c.Icon == "" || len(c.Keywords) < 3 || !strings.HasSuffix(c.Summary, ".") {
			t.Errorf("%s lacks a category, family, icon, keywords or a sentence", c.Name)
		}
		if lines := strings.Count(strings.TrimSpace(c.Doc), "\n") + 1; lines < 3 || lines > 10 {
			t.Errorf("the Doc of %s has %d lines, want 3 to 10", c.Name, lines)
		}
		explained(t, c.Name, c.Inputs)
		explained(t, c.Name, c.Outputs)
	}
}

func explained(t *testing.T, card string, f schema.Form) {
	for _, x := range f.Fields {
		if x.Help == "" || !strings.HasSuffix(x.Help, ".") {
			t.Errorf("%s.%s has the help %q, want a sentence", card, x.Name, x.Help)
		}
		explained(t, card+"."+x.Name, x.Members)
	}
}

func TestDescribe(t *testing.T) {
	list := cards.Describe(Registry())
	data, err := schema.EncodeJSON(list)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"name":"http.get"`, `"name":"status_code"`, `"type":"number"`, `"name":"left"`, `"blocks":["then","else"]`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the catalogue lacks %s", want)
		}
	}
	if len(list) != len(Registry().All()) || list[0].Title != "Get" {
		t.Errorf("the catalogue has %d cards and begins with %s", len(list), list[0].Title)
	}
}
