package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// TestTheLimitsOfAFlowHoldForEveryRunOfIt: called, express, called by another flow, and begun
// by hand; they are changed without publishing.
func TestTheLimitsOfAFlowHoldForEveryRunOfIt(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	three := []flows.Step{step("a", "text.compose", schema.Values{"text": "1"}), step("b", "text.compose", schema.Values{"text": "2"}), step("c", "text.compose", schema.Values{"text": "3"})}
	f := w.publish("three", flows.Settings{Security: "public", RunSteps: 2}, endpointDoc(nil, three...))
	check := func(what string, run flows.Run) {
		t.Helper()
		if run.Error == nil || run.Error.Code != cards.CodeLimit || !strings.Contains(run.Error.Message, "more than 2 cards, the limit of this flow (“Cards in a run at most” in its settings)") {
			t.Errorf("%s: the run ended %s with %v", what, run.Status, run.Error)
		}
	}
	call := func(alias string) flows.Run {
		return w.over(w.run(w.call("POST", "/api/flows/"+alias+"/invoke", "")).ID)
	}
	check("a call", call("three"))
	w.set(f.ID, func(set *flows.Settings) { set.Mode = "express" })
	id := w.call("POST", "/api/flows/three/invoke", "").header.Get("X-Flowdeck-Run")
	for began := time.Now(); w.page("/runs/"+id).status != 200 && time.Since(began) < 10*time.Second; { // it is written behind
		time.Sleep(5 * time.Millisecond)
	}
	check("an express call", w.over(id))
	w.set(f.ID, func(set *flows.Settings) { set.RunSteps, set.Mode = 3, "" })
	if run := call("three"); run.Status != flows.Succeeded {
		t.Errorf("with a higher limit the run ended %s with %v", run.Status, run.Error)
	}
	helper := w.publish("helper", flows.Settings{RunSteps: 2}, flows.Document{Trigger: flows.Step{ID: "helper", Card: "event.helper"}, Chain: three})
	w.publish("caller", public, endpointDoc(nil, step("call", "control.call", schema.Values{"flow": helper.ID})))
	check("a call by another flow", call("caller"))
	w.form(false, "/flows/"+helper.ID+"/run")
	check("a run by hand", w.over(w.newest()))
}

func TestLimitsOfRunsInTheSettings(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	w.s.Config.Bounds = flows.Bounds{Steps: 5000, Memory: 64 << 20}
	f := w.publish("mine", public, endpointDoc(nil))
	path := "/flows/" + f.ID + "/endpoint"
	w.has(path, "Cards in a run at most", "Empty: 5,000, which is this server&#39;s limit.", "Outputs of a run at most, in MiB", "Empty: 64, which is this server&#39;s limit.")
	form := endpointForms("mine")
	form.Set("steps", "500")
	form.Set("memory", "32")
	w.want("saving", w.post(path, form, "HX-Request", "true"), http.StatusOK, "")
	if set := w.flow(f.ID).Settings; set.RunSteps != 500 || set.RunMemoryMB != 32 {
		t.Errorf("saved %+v", set)
	}
	w.has(path, `value="500"`, `value="32"`)
	for _, x := range []struct{ field, value, problem string }{
		{"steps", "5001", "whole number of cards from 1 to 5000"}, {"steps", "many", "whole number of cards"}, {"memory", "65", "whole number of MiB from 1 to 64"}, {"memory", "0", "whole number of MiB"}} {
		wrong := endpointForms("mine")
		wrong.Set(x.field, x.value)
		w.want(x.field+" "+x.value, w.post(path, wrong, "HX-Request", "true"), http.StatusUnprocessableEntity, x.problem)
	}
	w.want("without them", w.post(path, endpointForms("mine"), "HX-Request", "true"), http.StatusOK, "")
	if set := w.flow(f.ID).Settings; set.RunSteps != 0 || set.RunMemoryMB != 0 {
		t.Errorf("emptied, saved %+v", set)
	}
}

// TestFlowsThatNobodyCallsHaveSettings: of them only what such a flow has is shown.
func TestFlowsThatNobodyCallsHaveSettings(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	f := w.publish("nightly", flows.Settings{Rate: 9, Security: "public"}, flows.Document{Trigger: flows.Step{ID: "start", Card: "event.schedule"}})
	w.has("/flows", "Flow settings…")
	path := "/flows/" + f.ID + "/endpoint"
	w.has(path, "Flow settings", "A run takes at most", "Cards in a run at most")
	if got := w.page(path).body; strings.Contains(got, "Invoke URL") || strings.Contains(got, "Try it from a terminal") {
		t.Error("it shows how it is called, which it is not")
	}
	form := endpointForms("nightly")
	form.Set("steps", "40")
	form.Set("rate", "9")
	w.want("saving", w.post(path, form, "HX-Request", "true"), http.StatusOK, "")
	if set := w.flow(f.ID).Settings; set.RunSteps != 40 || set.Rate != 9 {
		t.Errorf("saved %+v", set)
	}
}

func TestLimitsOfRunsInTheAPI(t *testing.T) {
	w := newWorld(t, echoUpstream)
	c := newClient(w)
	w.s.Config.Bounds = flows.Bounds{Steps: 5000, Memory: 64 << 20}
	f := w.publish("mine", public, endpointDoc(nil))
	path := "/flows/" + f.ID
	var got struct{ Settings flows.Settings }
	c.expect(http.StatusOK, &got, "PATCH", path, `{"settings": {"security": "public", "run_steps": 5000, "run_memory_mb": 64}}`)
	if got.Settings.RunSteps != 5000 || got.Settings.RunMemoryMB != 64 {
		t.Errorf("the flow says %+v", got.Settings)
	}
	c.want("more cards than the server's", c.do("PATCH", path, `{"settings": {"run_steps": 5001}}`), http.StatusUnprocessableEntity, "must be at most 5000, which is this server's limit (--run-steps)")
	c.want("more memory than the server's", c.do("PATCH", path, `{"settings": {"run_memory_mb": 65}}`), http.StatusUnprocessableEntity, "settings.run_memory_mb")

	w.s.Config.Bounds.Steps = 100
	c.want("another setting", c.do("PATCH", path, `{"settings": {"security": "public", "run_steps": 5000, "run_memory_mb": 64, "rate": 9}}`), http.StatusOK, "5000")
	c.want("another one that is too many", c.do("PATCH", path, `{"settings": {"run_steps": 4999}}`), http.StatusUnprocessableEntity, "at most 100")
}
