package flows

import (
	"context"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

// inTurn runs rounds one after the other.
type inTurn struct{ silent }

func (inTurn) Parallel(ctx context.Context, n, limit int, f func(context.Context, int) error) error {
	return inOrder{}.Parallel(ctx, n, limit, f)
}

// TestAFlowHasLimitsWithinThoseOfItsServer: the lesser counts, and the error says whose it
// was and where to change it.
func TestAFlowHasLimitsWithinThoseOfItsServer(t *testing.T) {
	mib := func(n int) Step { return say("text", `{{ repeat("x", `+strings.Repeat("1", n)+`) }}`) } // 7 letters: 1.06 MiB
	loop := Step{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{ 1..3 }}"}, Blocks: map[string]Block{
		"each": {Chain: []Step{mib(7)}, Result: schema.Values{"text": "{{ text.text }}"}}}}
	refused := mib(7)
	refused.Policy.OnError = "continue"
	nested := Step{ID: "inmost", Card: "control.each", Inputs: schema.Values{"items": "{{ 1..2 }}"}, Blocks: map[string]Block{"each": {
		Result: schema.Values{"text": `{{ repeat("x", 1111111) }}`}}}}
	for _, id := range []string{"fourth", "third", "second", "first"} {
		nested = Step{ID: id, Card: "control.each", Inputs: nested.Inputs, Blocks: map[string]Block{"each": {
			Chain: []Step{nested}, Result: nested.Blocks["each"].Result}}}
	}
	for _, x := range []struct {
		about       string
		server, own Bounds
		steps       []Step
		want        string
	}{
		{"neither says anything", Bounds{}, Bounds{}, []Step{say("a", "1"), say("b", "2")}, `{"all":"well"}`},
		{"as many cards as the flow may have", Bounds{}, Bounds{Steps: 3}, []Step{say("a", "1"), say("b", "2")}, `{"all":"well"}`},
		{"one more", Bounds{}, Bounds{Steps: 2}, []Step{say("a", "1"), say("b", "2")},
			"failed: give: limit: the run went through more than 2 cards, the limit of this flow (“Cards in a run at most” in its settings)"},
		{"the server lets it do less", Bounds{Steps: 2}, Bounds{Steps: 3}, []Step{say("a", "1"), say("b", "2")},
			"failed: give: limit: the run went through more than 2 cards, the limit of this server (--run-steps)"},
		{"little memory of the flow's", Bounds{}, Bounds{Memory: 1 << 20}, []Step{mib(7)},
			"failed: text: limit: the run holds more than 1 MiB of outputs, the limit of this flow (“Outputs of a run at most, in MiB” in its settings); those of text are too much. Work on fewer items at a time"},
		{"little memory of the server's", Bounds{Memory: 1 << 20}, Bounds{Memory: 2 << 20}, []Step{mib(7)},
			"failed: text: limit: the run holds more than 1 MiB of outputs, the limit of this server (--run-memory); those of text are too much. Work on fewer items at a time"},
		{"a loop within the flow's memory", Bounds{}, Bounds{Memory: 10 << 20}, []Step{loop}, `{"all":"well"}`},
		{"a loop beyond it", Bounds{}, Bounds{Memory: 3 << 20}, []Step{loop},
			"failed: loop: limit: the results of the loop are more than 3 MiB, the limit of this flow (“Outputs of a run at most, in MiB” in its settings). Let each round result in less, or work on fewer items"},
		{"a loop beyond the server's", Bounds{Memory: 8 << 20}, Bounds{Memory: 7 << 20}, []Step{loop},
			"failed: loop: limit: the results of the loop are more than 2 MiB, a quarter of what this server lets a run hold (--run-memory). Let each round result in less, or work on fewer items"},
		{"outputs that were refused are not held", Bounds{}, Bounds{Memory: 1 << 20}, []Step{refused, say("b", "2")}, `{"all":"well"}`},
		{"loops that are not over, together", Bounds{Memory: 16 << 20}, Bounds{Memory: 5 << 20}, []Step{nested},
			"failed: first[0]/second[1]/third[1]/fourth[1]/inmost: limit: the run holds more than 5 MiB of outputs, the limit of this flow (“Outputs of a run at most, in MiB” in its settings); those of inmost are too much. Work on fewer items at a time"},
	} {
		p, err := Compile(chainOf(append(x.steps, give(map[string]any{"all": "well"}))...), registry)
		if err != nil {
			t.Fatal(err)
		}
		s := start
		s.Server, s.Own = x.server, x.own
		out, err := p.Run(t.Context(), inTurn{silent{&world{}}}, s)
		if got := short(out, err); got != x.want {
			t.Errorf("%s: got %s\nwant %s", x.about, got, x.want)
		}
	}
}

func TestLimitsInSettingsAreChecked(t *testing.T) {
	set := Settings{RunSteps: 500, RunMemoryMB: 32}
	if p := set.Check(); len(p) > 0 || set.Bounds() != (Bounds{Steps: 500, Memory: 32 << 20}) {
		t.Errorf("Check = %v, Bounds = %+v", p, set.Bounds())
	}
	for _, x := range []struct {
		set   Settings
		field string
	}{{Settings{RunSteps: -1}, "run_steps"}, {Settings{RunSteps: MostRunSteps + 1}, "run_steps"},
		{Settings{RunMemoryMB: -1}, "run_memory_mb"}, {Settings{RunMemoryMB: MostRunMemoryMB + 1}, "run_memory_mb"}} {
		if p := x.set.Check(); len(p) != 1 || p[0].Field != x.field {
			t.Errorf("Check of %+v = %v, want a problem of %s", x.set, p, x.field)
		}
	}
}
