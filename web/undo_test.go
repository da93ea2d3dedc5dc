package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// byOther makes an edit as somebody else does; this browser has seen it.
func (d *draft) byOther(e flows.Edit) {
	d.p.t.Helper()
	f := d.flow()
	next, _, _, err := f.Draft.Apply(e, d.p.Cards)
	if err == nil {
		d.rev, err = d.p.Store.SaveDraft(context.Background(), d.id, f.Revision, next, store.Change{UserID: "u_jo", By: "Jo", Edit: []byte(`{}`), Inverse: []byte(`{}`)})
	}
	if err != nil {
		d.p.t.Fatal(err)
	}
}

func (d *draft) threeCards() {
	d.p.t.Helper()
	d.edit("op", "trigger", "card", "event.manual").want(http.StatusOK)
	for _, i := range []string{"0", "1", "2"} {
		d.edit("op", "insert", "card", "text.compose", "parent", "", "index", i).want(http.StatusOK)
		d.edit("op", "set", "step", []string{"compose", "compose_2", "compose_3"}[i[0]-'0'], "field", "text", "value", "old").want(http.StatusOK)
	}
}

func (d *draft) text(step string) any { d.p.t.Helper(); return d.step(step).Inputs["text"] }

func TestUndoOfARestoreKeepsWhatOthersDidSince(t *testing.T) {
	d := newDraft(newPlace(t).owner())
	d.threeCards()
	d.send("/publish").want(http.StatusOK)
	d.edit("op", "set", "step", "compose", "field", "text", "value", "mine").want(http.StatusOK)
	d.edit("op", "remove", "step", "compose_2").want(http.StatusOK)
	d.send("/revert").want(http.StatusOK)
	d.byOther(flows.Edit{Op: flows.OpSet, Step: "compose_3", Field: "text", Value: "of Jo"})

	d.send("/undo").want(http.StatusOK)
	if _, there := d.flow().Draft.Step("compose_2"); there || d.text("compose") != "mine" || d.text("compose_3") != "of Jo" {
		t.Errorf("after undo the draft is %s", d.document())
	}
	d.send("/redo").want(http.StatusOK)
	if d.text("compose") != "old" || d.text("compose_2") != "old" || d.text("compose_3") != "of Jo" {
		t.Errorf("after redo the draft is %s", d.document())
	}
	d.byOther(flows.Edit{Op: flows.OpSet, Step: "compose", Field: "text", Value: "of Jo too"})
	left := d.send("/undo").want(http.StatusOK)
	if d.text("compose") != "of Jo too" || !strings.Contains(left.header.Get("HX-Trigger"), "left as it is") {
		t.Errorf("undo of what Jo changed again gives %v, and says %s", d.text("compose"), left.header.Get("HX-Trigger"))
	}
}

func TestUndoLeavesWhatSomebodyElseHasChangedSince(t *testing.T) {
	d := newDraft(newPlace(t).owner())
	d.threeCards()
	d.edit("op", "set", "step", "compose", "field", "text", "value", "mine").want(http.StatusOK)
	d.edit("op", "set", "step", "compose_2", "field", "text", "value", "mine").want(http.StatusOK)
	d.edit("op", "set", "step", "compose_3", "field", "text", "value", "mine").want(http.StatusOK)
	d.byOther(flows.Edit{Op: flows.OpRemove, Step: "compose_3"})
	d.byOther(flows.Edit{Op: flows.OpSet, Step: "compose_2", Field: "text", Value: "of Jo"})
	for range 3 {
		d.send("/undo").want(http.StatusOK)
	}
	if d.text("compose") != "old" || d.text("compose_2") != "of Jo" {
		t.Errorf("after undo the cards say %v and %v, want old and of Jo", d.text("compose"), d.text("compose_2"))
	}
}
