package web

import (
	"net/http"
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
