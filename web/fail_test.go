package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestWhatIsNotThereIsToldInTheCallersForm(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	b.get("/nowhere").want(http.StatusNotFound, "There is nothing at this address.", "<html")
	b.get("/flows/f_none").want(http.StatusNotFound, "Not found")

	part := b.get("/flows/f_none/details", "HX-Request", "true").want(http.StatusNotFound).wantHeader("HX-Reswap", "none")
	if got := part.header.Get("HX-Trigger"); !strings.Contains(got, `"fd:toast"`) || !strings.Contains(got, "Not found") || part.body != "" {
		t.Errorf("for a part of a page: HX-Trigger %q, body %q; want a notice and no body", got, part.body)
	}

	program := b.get("/flows/f_none/export", "Accept", "application/json").want(http.StatusNotFound)
	var said struct{ Error struct{ Status int } }
	if err := json.Unmarshal([]byte(program.body), &said); err != nil || said.Error.Status != http.StatusNotFound {
		t.Errorf("for a program: %s (%v), want JSON with the status", program.body, err)
	}
}

func TestOurOwnFaultsAreLoggedAndToldWithANumberOnly(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	if err := p.Store.Close(); err != nil {
		t.Fatal(err)
	}
	answer := b.get("/flows").want(http.StatusInternalServerError, "Something broke on our side")
	answer.wantNot("sql", "database is closed", "goroutine")
	id := answer.header.Get("X-Request-Id")
	if !strings.Contains(answer.body, id) || !strings.Contains(p.logs.String(), "request="+id) {
		t.Errorf("the request id %q is not both on the page and in the log", id)
	}
	p.browser().get("/readyz").want(http.StatusServiceUnavailable, "the database does not answer")
	p.browser().get("/healthz").want(http.StatusOK)
}
