package flows

import "testing"

func TestRunsPassAnyNumberOfNotesOver(t *testing.T) {
	note := func(id string) Step { return Step{ID: id, Card: "flow.note", Note: "Why."} }
	loop := Step{ID: "loop", Card: "control.each", Inputs: map[string]any{"items": []any{"a", "b"}}, Blocks: map[string]Block{
		"each": {Chain: []Step{note("n_4"), say("inner", "{{ loop.item }}"), note("n_5")}, Result: map[string]any{"said": "{{ inner.text }}"}}}}
	_, got := outcome(t, chainOf(note("n_1"), note("n_2"), say("first", "1"), note("n_3"), loop, note("n_6"), say("last", "{{ first.text }}"),
		give(map[string]any{"last": "{{ last.text }}", "all": "{{ loop.results }}"})))
	if want := `{"all":[{"said":"a"},{"said":"b"}],"last":"1"}`; got != want {
		t.Errorf("a flow with six notes gives %s, want %s", got, want)
	}
}
