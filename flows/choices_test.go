package flows_test

import (
	"context"
	"reflect"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

type chooser struct {
	Flow string `json:"flow" format:"flow" help:"Which."`
	Rows []struct {
		Table string `json:"table" format:"table"`
	} `json:"rows"`
}

func TestWhatStepsHaveChosen(t *testing.T) {
	card := cards.NewFunction(cards.Spec{Name: "test.choose", Title: "Choose", Summary: "Chooses."}, func(context.Context, cards.Env, chooser) (struct{}, error) { return struct{}{}, nil })
	reg := cards.NewRegistry(card)
	doc := flows.Document{Chain: []flows.Step{
		{ID: "a", Card: "test.choose", Inputs: schema.Values{"flow": "f_1", "rows": []any{map[string]any{"table": "t_1"}, map[string]any{"table": "{{ x.y }}"}}}},
		{ID: "b", Card: "test.choose", Inputs: schema.Values{"flow": "f_2"}},
		{ID: "c", Card: "test.choose", Off: true, Inputs: schema.Values{"flow": "f_3"}},
		{ID: "d", Card: "test.none", Inputs: schema.Values{"flow": "f_4"}},
	}}
	list := flows.Choices(doc, reg)
	want := []flows.Choice{{"a", "flow", schema.Flow, "f_1"}, {"a", "rows.0.table", schema.Table, "t_1"}, {"b", "flow", schema.Flow, "f_2"}}
	if !reflect.DeepEqual(list, want) {
		t.Fatalf("choices are %v, want %v", list, want)
	}
	gone := flows.Gone(list, map[string]map[string]string{schema.Flow: {"f_1": "One"}, schema.Table: {"t_1": "Users"}})
	if len(gone) != 1 || gone[0].Step != "b" || gone[0].Field != "flow" {
		t.Errorf("gone are %v, want the flow of b", gone)
	}
}
