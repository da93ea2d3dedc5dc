package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// However many try at once, and though the flow is an express one, a key begins one run,
// which is kept before anybody is told of it.
func TestAKeyBeginsOneRun(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	f := w.publish("keyed", flows.Settings{Security: "public", Mode: "express"}, endpointDoc(nil, step("out", "control.return", schema.Values{"values": schema.Values{"a": "b"}})))
	start := func() reply {
		return w.call("POST", apiPrefix+"/flows/"+f.ID+"/runs", `{}`, "Authorization", "Bearer "+c.token, "Content-Type", "application/json", "Idempotency-Key", "k1", "Prefer", "wait=20")
	}
	var answers [16]reply
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = start() })
	}
	all.Wait()
	var first apiRun
	c.expect(http.StatusOK, &first, "POST", "/flows/"+f.ID+"/runs", `{}`, "Idempotency-Key", "k1")
	for _, got := range answers {
		var run apiRun
		must(t, json.Unmarshal([]byte(got.body), &run))
		if got.status != http.StatusOK || run.ID != first.ID || run.Status != "succeeded" {
			t.Errorf("one key began %s and gave %d %s", first.ID, got.status, got.body)
		}
	}
	run, err := w.s.Store.Run(context.Background(), first.ID)
	must(t, err)
	if run.Express {
		t.Error("the run was an express one")
	}
}

// Whoever sits behind the same address and guesses keeps nobody out.
func TestWrongTokensKeepNobodyElseOut(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	last := reply{}
	for range addressBurst + 5 {
		last = w.call("GET", apiPrefix+"/flows", "", "Authorization", "Bearer fdp_wrong")
	}
	if last.status != http.StatusTooManyRequests {
		t.Errorf("the last wrong token: %d, want 429", last.status)
	}
	c.expect(http.StatusOK, nil, "GET", "/flows", "")
}

// A token that is revoked while it is looked up is not remembered as a good one.
func TestARevokedTokenIsNotRemembered(t *testing.T) {
	c := tokenCache{known: map[string]knownToken{}}
	before := c.ended
	c.forget() // the token was read, and is revoked now
	c.remember("h", knownToken{token: store.APIToken{ID: "k_1"}, found: true, read: time.Now()}, before)
	if _, kept := c.known["h"]; kept {
		t.Error("it was remembered")
	}
}

// The form page is shown to strangers and holds what strangers may have sent.
func TestTheFormPageShowsTextAsText(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	evil := `</title><script>alert(1)</script><a href="javascript:alert(1)">x</a>`
	link, _ := w.asking("asks", schema.Values{"title": evil, "description": evil, "fields": []any{schema.Values{"name": "why", "type": "text", "help": evil, "options": "a," + evil}}})
	got := w.call("GET", link, "")
	if got.status != http.StatusOK || strings.Contains(got.body, "<script>alert") || strings.Contains(got.body, `href="javascript`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got.header.Get("Content-Security-Policy") != policy || got.header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("headers %v", got.header)
	}
}
