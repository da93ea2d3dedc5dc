package web

import (
	"net/http"
	"reflect"
	"testing"
)

// A caller that does not know whether a run was begun again asks again, with the same key.
func TestAKeyRunsAgainOnce(t *testing.T) {
	s := newShop(t)
	c := newClient(s.world)
	id := s.fail(1)[0]
	s.down.Store(false)
	path := "/runs/" + id + "/rerun"
	for _, x := range []struct{ key, body string }{{"start", `{"version": "same"}`}, {"failed", `{"version": "same", "from": "failed"}`}} {
		var first, second apiRun
		c.expect(http.StatusOK, &first, "POST", path, x.body, "Idempotency-Key", x.key, "Prefer", "wait=20")
		c.expect(http.StatusOK, &second, "POST", path, x.body, "Idempotency-Key", x.key, "Prefer", "wait=20")
		if first.ID != second.ID || first.RerunOf != id || first.Status != "succeeded" {
			t.Errorf("the key %q began %s and %s, which ended %s", x.key, first.ID, second.ID, first.Status)
		}
		c.want("with another body", c.do("POST", path, `{}`, "Idempotency-Key", x.key), http.StatusUnprocessableEntity, "key_reused")
		c.want("for another run", c.do("POST", "/runs/"+first.ID+"/rerun", x.body, "Idempotency-Key", x.key), http.StatusUnprocessableEntity, "key_reused")
	}
	if order, book := s.count("POST /order"), s.count("POST /book"); order != 2 || book != 3 {
		t.Errorf("it ordered %d times and booked %d, want 2 (again from the start) and 3", order, book)
	}
}

func TestTwoKeysAreNone(t *testing.T) {
	s := newShop(t)
	c := newClient(s.world)
	id := s.fail(1)[0]
	two := []string{"Idempotency-Key", "a", "Idempotency-Key", "b"}
	for path, body := range map[string]string{"/flows/" + s.flow.ID + "/runs": `{"inputs": {"id": "o"}}`, "/runs/" + id + "/rerun": `{}`} {
		c.want(path, c.do("POST", path, body, two...), http.StatusBadRequest, `"parameter":"Idempotency-Key"`)
	}
	if order := s.count("POST /order"); order != 1 {
		t.Errorf("it ordered %d times, want nothing to have begun", order)
	}
}

// A caller sees what would take effect a second time before it begins a run again.
func TestWhatRunningAgainRepeatsIsTold(t *testing.T) {
	s := newShop(t)
	c := newClient(s.world, "runs:read")
	id := s.fail(1)[0]
	var plan apiRerunPlan
	c.expect(http.StatusOK, &plan, "GET", "/runs/"+id+"/rerun-plan", "")
	order, book := apiWrite{s.flow.ID, "order", "2 Order", 1, 1, 1, 0, 0}, apiWrite{s.flow.ID, "book", "4 Book it", 1, 1, 0, 0, 1}
	if want := (apiRerunPlan{FromFailed: []apiWrite{book}, FromStart: []apiWrite{book, order}}); !reflect.DeepEqual(plan, want) {
		t.Errorf("the plan is %+v, want %+v", plan, want)
	}
	c.want("of no run", c.do("GET", "/runs/r_none/rerun-plan", ""), http.StatusNotFound, "")
	if n := s.count("POST /order"); n != 1 {
		t.Errorf("looking at it ordered %d times, want 1", n)
	}
}
