package flows

import (
	"context"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

// trial is a world in which some outputs are given.
type trial struct {
	world
	Trial
}

func (x *trial) Tried() *Trial { return &x.Trial }

func (x *trial) Given(_ context.Context, p Path, c Call, g Given) { x.note("given %s %s", p, g.From) }

func TestATrialTakesWhatIsGivenAndEndsWhereItShall(t *testing.T) {
	each := Document{Format: 1, Trigger: Step{ID: "call", Card: "event.manual"}, Chain: []Step{
		{ID: "each", Card: "control.each", Inputs: schema.Values{"items": []any{"x"}}, Blocks: map[string]Block{"each": {Chain: []Step{
			{ID: "first", Card: "text.compose", Inputs: schema.Values{"text": "x"}}, {ID: "after", Card: "text.compose", Inputs: schema.Values{"text": "{{ first.text }}!"}}}}}},
		{ID: "last", Card: "text.compose", Inputs: schema.Values{"text": "end"}}}}
	for _, c := range []struct {
		name  string
		trial Trial
		want  string
	}{
		{"nothing given", Trial{Until: "last"}, `do each[0]/first {"text":"x"}|do each[0]/after {"text":"x!"}|control each {"failures":[],"results":[]}|do last {"text":"end"}`},
		{"at a path", Trial{Past: map[Path]Given{"each[0]/first": {schema.Values{"text": "p"}, "r_1"}}}, `given each[0]/first r_1|do each[0]/after {"text":"p!"}|control each {"failures":[],"results":[]}|do last {"text":"end"}`},
		{"by step", Trial{Given: map[string]Given{"first": {schema.Values{"text": "g"}, Pinned}}, Until: "after"}, `given each[0]/first pinned|do each[0]/after {"text":"g!"}|control each null`},
		{"a block as a whole", Trial{Given: map[string]Given{"each": {schema.Values{"results": []any{}}, Pinned}}}, `given each pinned|do last {"text":"end"}`},
		{"and no further", Trial{Given: map[string]Given{"each": {nil, Pinned}}, Until: "each"}, `given each pinned`},
	} {
		p, err := Compile(each, registry)
		if err != nil {
			t.Fatal(err)
		}
		x := &trial{Trial: c.trial}
		if out, err := p.Run(t.Context(), x, start); err != nil || out != nil {
			t.Errorf("%s: Run = %v, %v", c.name, out, err)
		}
		if got := strings.Join(x.log, "|"); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestATrialThatEndsInsideOfTryRunsNoFinally(t *testing.T) {
	text := func(id string) Step { return Step{ID: id, Card: "text.compose", Inputs: schema.Values{"text": id}} }
	doc := Document{Format: 1, Trigger: Step{ID: "call", Card: "event.manual"}, Chain: []Step{
		{ID: "try", Card: "control.try", Inputs: schema.Values{"catches": []any{schema.Values{"key": "catch", "value": "any"}}}, Blocks: map[string]Block{
			"try": {Chain: []Step{text("here"), text("after")}}, "catch": {}, "finally": {Chain: []Step{text("first"), text("last")}}}}}}
	for _, c := range []struct{ until, want string }{
		{"here", `do try/here {"text":"here"}|control try null`},
		{"first", `do try/here {"text":"here"}|do try/after {"text":"after"}|do try/first {"text":"first"}|control try null`},
	} {
		p, err := Compile(doc, registry)
		if err != nil {
			t.Fatal(err)
		}
		x := &trial{Trial: Trial{Until: c.until}}
		if out, err := p.Run(t.Context(), x, start); err != nil || out != nil {
			t.Errorf("until %s: Run = %v, %v", c.until, out, err)
		}
		if got := strings.Join(x.log, "|"); got != c.want {
			t.Errorf("until %s:\ngot  %s\nwant %s", c.until, got, c.want)
		}
	}
}
