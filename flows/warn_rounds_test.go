package flows

import "testing"

func TestWhatALoopHadInItsRoundsIsWarnedOfWhereItIsEmpty(t *testing.T) {
	loop := Step{ID: "loop", Card: "control.each", Inputs: map[string]any{"items": []any{"a"}}, Policy: Policy{OnError: OnCatch}, Blocks: map[string]Block{
		"each":       {Chain: []Step{say("inner", "{{ loop.item }}"), say("next", "{{ inner.text }}")}, Result: map[string]any{"said": "{{ inner.text }}"}},
		BlockOnError: {Chain: []Step{say("told", "{{ inner.text }}")}, Result: map[string]any{"last": "{{ inner.text }}", "why": "{{ loop.error.message }}"}}}}
	var got string
	for _, p := range Warnings(chainOf(loop), registry) {
		got += p.Step + "." + p.Field + "\n"
	}
	if want := "loop.on_error.last\ntold.text\n"; got != want {
		t.Errorf("warnings at\n%swant\n%s", got, want)
	}
}
