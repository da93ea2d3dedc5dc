package flows

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCardsGoThroughAClipboard(t *testing.T) {
	clip, err := flow().Clip([]string{"post", "check", "get", "call"}, registry)
	if err != nil || len(clip.Cards) != 2 {
		t.Fatalf("Clip = %d cards, %v; want get, and check with post inside", len(clip.Cards), err)
	}
	text, err := json.Marshal(clip)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ReadClip(string(text))
	if err != nil {
		t.Fatal(err)
	}
	empty := Document{Format: Format, Trigger: Step{ID: "call", Card: "event.manual"}}
	next, _, _, err := empty.Apply(Edit{Op: OpPaste, Value: back.Cards}, registry)
	if err != nil {
		t.Fatal(err)
	}
	if next.Chain[0].ID != "get" || next.Chain[1].ID != "check" {
		t.Errorf("in an empty flow the cards are %s and %s, want their own ids", next.Chain[0].ID, next.Chain[1].ID)
	}
	again, _, _, err := next.Apply(Edit{Op: OpPaste, Value: back.Cards, Index: -1}, registry)
	if err != nil {
		t.Fatal(err)
	}
	if got := encoded(t, again); !strings.Contains(got, `{{ get_2.status_code }}`) || strings.Count(got, `"id": "get"`) != 1 {
		t.Errorf("pasted again, cards refer to one another by their new ids:\n%s", got)
	}
}

func TestNoPastedCardBecomesWhatAnotherLeftBehind(t *testing.T) {
	cards := []Step{{ID: "get_2", Card: "http.get"}, {ID: "send", Card: "http.get", Inputs: map[string]any{"url": "{{ get.body }}{{ get_2.body }}"}}}
	doc := Document{Format: Format, Chain: []Step{{ID: "get_2", Card: "http.get"}}}
	next, _, _, err := doc.Apply(Edit{Op: OpPaste, Value: cards, Index: -1}, registry)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := next.Chain[2].Inputs["url"], "{{ get.body }}{{ get_3.body }}"; got != want {
		t.Errorf("url = %q, want %q", got, want)
	}
}

func TestClipboardsThatHoldNoCardsAreRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "The clipboard holds no cards."},
		{"hello", "The clipboard holds no cards."},
		{`[1,2]`, "The clipboard holds no cards."},
		{`{"a":1}`, "The clipboard holds no cards."},
		{`{"flowdeck":1,"document":{}}`, "A whole flow is brought in under Flows, Import."},
		{`{"flowdeck":"cards","format":99,"cards":[]}`, "newer Flowdeck (format 99"},
		{`{"flowdeck":"cards","format":"x","cards":[]}`, "The clipboard holds no cards."},
		{`{"flowdeck":"cards","format":1}`, "cannot be read"},
		{`{"flowdeck":"cards","format":1,"cards":{"id":1}}`, "must be a list"},
		{`{"flowdeck":"cards","format":1,"cards":[{"id":"a","card":"http.get","evil":1}]}`, "value.0.evil"},
		{`{"flowdeck":"cards","format":1,"cards":[` + strings.Repeat(`{"id":"a","card":"c","blocks":{"b":{"chain":[`, 20000), "The clipboard holds no cards."},
		{strings.Repeat("x", maxClip+1), "at most 4 MB"},
	} {
		if _, err := ReadClip(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ReadClip(%.60q) = %v, want %q", c.text, err, c.want)
		}
	}
}
