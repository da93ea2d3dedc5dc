package web

import (
	"net/http"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// loopDoc goes through 40 items, of which every one above 36 fails.
func loopDoc() flows.Document {
	items := make([]any, 40)
	for i := range items {
		items[i] = int64(i)
	}
	check := step("check", "control.return_error_if", schema.Values{"code": "too_much", "message": "That is too much.",
		"conditions": []any{schema.Values{"left": "{{ loop.item }}", "operator": "greater", "right": 36}}})
	say := step("say", "text.compose", schema.Values{"text": "item {{ loop.item }}"})
	loop := step("loop", "control.each", schema.Values{"items": items, "go_on": true})
	loop.Blocks = map[string]flows.Block{"each": {Chain: []flows.Step{check, say}, Result: schema.Values{"text": "{{ say.text }}"}}}
	refuse := step("refuse", "control.return_error_if", schema.Values{"code": "partly", "message": "Some were too much.", "status_code": 422,
		"conditions": []any{schema.Values{"left": "{{ loop.failed }}", "operator": "greater", "right": 0}}})
	return endpointDoc(nil, loop, refuse)
}

func TestRoundsOfALoopAreABoundedStrip(t *testing.T) {
	w := newWorld(t, crmUpstream)
	w.signIn()
	w.publish("loop", public, loopDoc())
	res := w.call("POST", "/api/flows/loop/invoke", `{}`, "Content-Type", "application/json")
	if res.status != http.StatusUnprocessableEntity || !strings.Contains(res.body, `"code":"partly"`) || !strings.Contains(res.body, "Some were too much.") {
		t.Errorf("the caller got %d %s, want the author's own error", res.status, res.body)
	}
	run := w.over(w.run(res).ID)
	base := "/runs/" + run.ID
	w.has(base, "40 rounds, 3 failed", "Round 38 of 40 · cards failed in 3 rounds", base+"/steps/loop%5B37%5D/check")
	page := w.page(base).body
	if n := strings.Count(page, `class="rd`); n > shownFailed+2*shownBeside+3 {
		t.Errorf("the strip shows %d rounds", n)
	}
	w.has(base+"/steps/loop%5B3%5D/say", "Round 4 of 40", "item 3")
	w.has(base+"/steps/loop%5B38%5D/check", "Round 39 of 40", "too much")
	if got := w.page(base + "/steps/loop%5B3%5D/nothing"); got.status != http.StatusNotFound {
		t.Errorf("a card that is not there: %d", got.status)
	}
}

func TestALoopOfWhichARoundFailedIsNotDone(t *testing.T) {
	w := newWorld(t, crmUpstream)
	w.signIn()
	doc := loopDoc()
	doc.Chain[0].Inputs["go_on"] = false
	doc.Chain[0].Blocks["each"].Chain[0].Title = "Check the amount"
	w.publish("loop", public, doc)
	run := w.over(w.run(w.call("POST", "/api/flows/loop/invoke", `{}`, "Content-Type", "application/json")).ID)
	w.has("/runs/"+run.ID, "A card inside failed", "cards failed in 1 round", "Failed at Check the amount")
}

func TestALoopThatWasStoppedSaysWhere(t *testing.T) {
	begun := make(chan struct{})
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/2" {
			close(begun)
			<-r.Context().Done()
		}
	})
	w.signIn()
	loop := step("loop", "control.each", schema.Values{"items": []any{int64(0), int64(1), int64(2), int64(3)}})
	loop.Blocks = map[string]flows.Block{"each": {Chain: []flows.Step{step("get", "http.get", schema.Values{"url": w.upstream.URL + "/{{ loop.item }}"})}}}
	w.publish("loop", flows.Settings{Security: "public", Async: true}, endpointDoc(nil, loop))
	id := w.run(w.call("POST", "/api/flows/loop/invoke", "")).ID
	<-begun
	w.send(w.browser, "POST", "/runs/"+id+"/cancel", "")
	w.over(id)
	w.has("/runs/"+id, "Stopped in round 3", "Round 3 of 3", "Stopped while it was under way")
	for _, untrue := range []string{"Not reached", "cards failed in", "Not run", ">Failed<"} {
		if strings.Contains(w.page("/runs/"+id).body, untrue) {
			t.Errorf("a run that was stopped says %q", untrue)
		}
	}
}
