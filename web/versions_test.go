package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestVersionsAreComparedAndRestored(t *testing.T) {
	d := newDraft(newPlace(t).owner())
	d.edit("op", "trigger", "card", "event.manual")
	d.edit("op", "insert", "card", "http.get", "parent", "", "index", "0")
	d.edit("op", "set", "step", "get", "field", "url", "value", "https://api.test/one")
	d.get("/flows/"+d.id+"/versions").want(http.StatusOK, "Nothing was published yet")
	d.get("/flows/"+d.id+"/publish").want(http.StatusOK, "Publish v1", "The first version: 2 cards added")
	d.send("/publish", "message", "  The beginning ").want(http.StatusOK, "v1")
	d.get("/flows/"+d.id+"/versions").want(http.StatusOK, "nothing → v1: 2 cards added", "https://api.test/one", "versions?from=0&amp;to=1")

	d.edit("op", "set", "step", "get", "field", "url", "value", "https://api.test/{{ run.id }}")
	d.edit("op", "set", "step", "get", "field", "headers", "key", "X-Who", "value", "Maya")
	d.edit("op", "insert", "card", "text.compose", "parent", "", "index", "0")
	d.edit("op", "set", "step", "compose", "field", "text", "value", "hello")
	d.get("/flows/"+d.id+"/publish").want(http.StatusOK, "Publish v2", "1 card added, 1 changed", "https://api.test/one", "Headers › X-Who", "Maya")
	d.send("/publish", "message", strings.Repeat("ä", 400)).want(http.StatusOK, "v2")
	d.edit("op", "remove", "step", "get")

	page := d.get("/flows/"+d.id+"/versions").want(http.StatusOK, "v2 → draft: 1 card removed", "The beginning", "first version", "1 card added, 1 changed", "Bring it back")
	if strings.Contains(page.body, strings.Repeat("ä", 300)) {
		t.Error("the message of a version is not bounded")
	}
	d.get("/flows/"+d.id+"/versions?from=1&to=2").want(http.StatusOK, "v1 → v2", "Make v1 the draft", "not there")
	d.get("/flows/" + d.id + "/versions?from=1&to=9").want(http.StatusNotFound)
	d.get("/flows/"+d.id+"/versions?from=x").want(http.StatusUnprocessableEntity, "That cannot be shown")

	restored := d.send("/restore", "version", "1", "step", "get")
	if got := restored.header.Get("HX-Redirect"); got != "/flows/"+d.id+"#card-get" {
		t.Errorf("restoring a card leads to %q", got)
	}
	if got := d.step("get").Inputs["url"]; got != "https://api.test/one" {
		t.Errorf("the card restored from v1 asks %v", got)
	}
	if got := d.step("compose").Inputs["text"]; got != "hello" {
		t.Errorf("restoring one card left the other one with %v", got)
	}
	d.rev-- // somebody else was first
	d.send("/restore", "version", "1").want(http.StatusConflict, "Nothing was restored")
	d.send("/restore", "version", "1")
	if strings.Contains(d.document(), "compose") {
		t.Errorf("the draft restored from v1 is %s", d.document())
	}
	d.send("/undo").want(http.StatusOK, "card-compose")
}
