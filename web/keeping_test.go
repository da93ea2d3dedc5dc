package web

import (
	"net/http"
	"testing"
	"time"

	"flowdeck/flows"
)

func TestHowRunsAreKept(t *testing.T) {
	s := newShop(t)
	s.down.Store(false)
	at := "/flows/" + s.flow.ID + "/mode"
	s.want("the dialog", s.page(at), 200, "How runs are kept")
	s.want("a mode that is none", s.form(at, "mode", "fast", "history", "full"), http.StatusUnprocessableEntity, "Standard or Express")
	s.want("no mode", s.form(at), http.StatusUnprocessableEntity, "Standard or Express")
	s.want("a history that is none", s.form(at, "mode", "express", "history", "some"), http.StatusUnprocessableEntity, "Everything, An outline or A sample")
	s.want("no history", s.form(at, "mode", "express"), http.StatusUnprocessableEntity, "Everything, An outline or A sample")
	s.want("choosing Express and an outline", s.form(at, "mode", "express", "history", "outline"), http.StatusSeeOther, "")
	must(t, s.s.Store.UpdateFlow(t.Context(), s.flow.ID, func(f *flows.Flow) error { f.Settings.OnFailure = "f_handler"; return nil }))
	s.want("saving the endpoint", s.form("/flows/"+s.flow.ID+"/endpoint", "alias", "shop", "security", "public", "timeout", "30s", "longest", "1h",
		"max_body", "10", "keep", "30", "off", "404"), http.StatusSeeOther, "")
	flow, err := s.s.Store.Flow(t.Context(), s.flow.ID)
	must(t, err)
	if !flow.Settings.Express() || !flow.Settings.Outline() || flow.Settings.OnFailure != "f_handler" {
		t.Errorf("settings = %+v; the endpoint's dialog must leave alone what it does not show", flow.Settings)
	}
	got := s.call("POST", "/api/flows/shop/invoke", `{"id":"1"}`, "Content-Type", "application/json")
	id := got.header.Get("X-Flowdeck-Run")
	if got.status != 200 || id == "" {
		t.Fatalf("the call got %d %s", got.status, got.body)
	}
	for began := time.Now(); s.page("/runs/"+id).status != 200 && time.Since(began) < 10*time.Second; {
		time.Sleep(5 * time.Millisecond)
	}
	s.has("/runs/"+id, "Kept", "<b>express, as an outline</b>", "Book it", "keeps an outline of runs that succeed; failed runs are kept whole", "cannot be run again")
	s.want("running it again", s.form("/runs/"+id+"/rerun"), http.StatusConflict, "cannot be run again")
	s.want("asking to go on with it", s.page("/runs/"+id+"/redo"), http.StatusConflict, "cannot be run again")
	s.want("going on with it", s.form("/runs/"+id+"/redo", "version", "same"), http.StatusConflict, "cannot be run again")
	c := newClient(s.world)
	c.want("going on with it by API", c.do("POST", "/runs/"+id+"/rerun", `{"version": "same", "from": "failed"}`), http.StatusConflict, "cannot be run again")
	s.want("saving it as a test", s.form("/runs/"+id+"/test", "name", "x"), http.StatusConflict, "cannot be saved as a test")

	s.want("choosing a sample", s.form(at, "mode", "express", "history", "sample"), http.StatusSeeOther, "")
	s.want("the dialog", s.page(at), 200, `value="sample" checked`)
	s.has("/flows/"+s.flow.ID+"/runs", "a sample is kept, about one a second")
	kept := 0
	for range 5 {
		got := s.call("POST", "/api/flows/shop/invoke", `{"id":"1"}`, "Content-Type", "application/json")
		id := got.header.Get("X-Flowdeck-Run")
		if got.status != 200 || id == "" {
			t.Fatalf("the call got %d %s", got.status, got.body)
		}
		if s.page("/runs/"+id).status == 200 {
			kept++
		}
	}
	if kept == 0 || kept == 5 {
		t.Errorf("%d of 5 calls one after the other are kept, want some", kept)
	}
	s.has("/flows", "kept today")
	s.want("choosing Standard", s.form(at, "mode", "standard", "history", "full"), http.StatusSeeOther, "")
	s.want("the dialog", s.page(at), 200, `value="standard" checked`)
	s.want("the dialog", s.page(at), 200, `value="full" checked`)
}
