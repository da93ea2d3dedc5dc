package bundle

import (
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

func TestCopiesReferToEachOther(t *testing.T) {
	b := newBundle(t)
	helper := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "helper", Card: "event.helper"}}
	must(t, b.Store.CreateFlow(ctx, flows.Flow{ID: "f_b", Name: "B", Alias: "b", Draft: helper}))
	must(t, b.Store.CreateFlow(ctx, flows.Flow{ID: "f_a", Name: "A", Alias: "a", Settings: flows.Settings{OnFailure: "f_b"}, Draft: flows.Document{Format: flows.Format,
		Trigger: flows.Step{ID: "start", Card: "event.manual"},
		Chain:   []flows.Step{{ID: "call", Card: "control.call", Off: true, Inputs: schema.Values{"flow": "f_b"}}}}}))
	files := export(t, b)
	done, err := b.Import(ctx, files, Options{Copy: true})
	must(t, err)
	a, err := b.Store.Flow(ctx, done[0].ID)
	must(t, err)
	if got := a.Settings.OnFailure; got != done[1].ID {
		t.Errorf("the copy calls %s when a run fails, want the copy of it, %s", got, done[1].ID)
	}
	if got := a.Draft.Chain[0].Inputs["flow"]; got != done[1].ID {
		t.Errorf("a card of the copy that is switched off calls %v, want %s", got, done[1].ID)
	}
	alone, err := newBundle(t).Import(ctx, files[:1], Options{})
	must(t, err)
	if notes := strings.Join(alone[0].Notes, " "); !strings.Contains(notes, "called when a run fails is not here") {
		t.Errorf("without the other flow it notes %q", notes)
	}
}
