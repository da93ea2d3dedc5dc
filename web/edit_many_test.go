package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestSeveralCardsAreEditedAtOnce(t *testing.T) {
	p := newPlace(t)
	d := newDraft(p.owner())
	d.edit("op", "trigger", "card", "event.manual").want(http.StatusOK)
	for _, i := range []string{"0", "1", "2"} {
		d.edit("op", "insert", "card", "http.get", "parent", "", "index", i).want(http.StatusOK)
	}
	d.edit("op", "set", "step", "get_2", "field", "url", "value", "https://x.test/{{get.body}}").want(http.StatusOK)
	ids := func() string {
		var list []string
		for _, s := range d.flow().Draft.All() {
			list = append(list, s.ID)
		}
		return strings.Join(list, " ")
	}
	check := func(want string) {
		t.Helper()
		if got := strings.TrimPrefix(ids(), d.flow().Draft.Trigger.ID+" "); got != want {
			t.Errorf("the cards are %s, want %s", got, want)
		}
	}
	d.edit("op", "duplicate_all", "steps", "get get_2").want(http.StatusOK)
	check("get get_2 get_4 get_5 get_3")
	d.edit("op", "move_all", "steps", "get_4 get_5", "parent", "", "index", "0").want(http.StatusOK)
	check("get_4 get_5 get get_2 get_3")
	d.edit("op", "remove_all", "steps", "get_4 get_5").want(http.StatusOK)
	check("get get_2 get_3")
	d.edit("op", "wrap", "steps", "get get_2", "card", "control.if").want(http.StatusOK)
	check("if_else get get_2 get_3")
	d.edit("op", "wrap", "steps", "get get_3", "card", "control.if").want(http.StatusUnprocessableEntity)

	clip := d.get("/flows/"+d.id+"/clip?steps=if_else+get_2").want(http.StatusOK, `"flowdeck": "cards"`).body
	d.edit("op", "paste", "text", clip, "parent", "", "index", "0").want(http.StatusOK)
	check("if_else_2 get_4 get_5 if_else get get_2 get_3")
	if got := d.step("get_5").Inputs["url"]; got != "https://x.test/{{ get_4.body }}" {
		t.Errorf("a pasted card refers to %v", got)
	}
	d.edit("op", "paste", "text", "hello", "parent", "", "index", "0").want(http.StatusUnprocessableEntity)
	d.edit("op", "paste", "text", `{"flowdeck":"cards","format":1,"cards":[{"id":"x","card":"http.get","connection":"gone"}]}`, "parent", "", "index", "0").want(http.StatusOK, "is not on this server")
	for range 6 {
		d.send("/undo").want(http.StatusOK)
	}
	check("get get_2 get_3")
	d.get("/flows/"+d.id+"/find?q=X.TEST").want(http.StatusOK, `"step":"get_2","target":"f-get_2-url"`).wantNot(`"step":"get"`)
	d.get("/flows/" + d.id + "/clip?steps=gone").want(http.StatusNotFound)
}

func TestANewScheduleIsInTheTimeZoneOfTheBrowser(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	zone := func(d *draft) any { return d.flow().Draft.Trigger.Inputs["zone"] }
	for sent, want := range map[string]any{"Europe/Berlin": "Europe/Berlin", "UTC": "UTC", "Mars/Base": "UTC", "Local": "UTC", "": "UTC"} {
		d := newDraft(b)
		d.edit("op", "trigger", "card", "event.schedule", "zone", sent).want(http.StatusOK)
		if got := zone(d); got != want {
			t.Errorf("with a browser in %q it begins with %v, want %v", sent, got, want)
		}
	}
	d := newDraft(b)
	d.edit("op", "trigger", "card", "event.manual", "zone", "Europe/Berlin").want(http.StatusOK)
	if got := zone(d); got != nil {
		t.Errorf("a start without a time zone has %v", got)
	}
}
