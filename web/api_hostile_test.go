package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows/store"
)

// A server may end between noting a key and beginning its run.
func TestAKeyThatBeganNothingBeginsItsRun(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	f := w.publish("keyed", public, endpointDoc(nil, step("out", "control.return", schema.Values{"values": schema.Values{"a": "b"}})))
	path, body := apiPrefix+"/flows/"+f.ID+"/runs", `{}`
	sum := sha256.Sum256([]byte(path + "\n" + body))
	u, err := w.s.Store.UserByEmail(context.Background(), "api@acme.io")
	must(t, err)
	_, err = w.s.Store.TakeRunKey(context.Background(), u.ID, "k1", hex.EncodeToString(sum[:]), "r_lost")
	must(t, err)
	var first, second apiRun
	key := []string{"Idempotency-Key", "k1", "Prefer", "wait=20"}
	c.expect(http.StatusOK, &first, "POST", "/flows/"+f.ID+"/runs", body, key...)
	c.expect(http.StatusOK, &second, "POST", "/flows/"+f.ID+"/runs", body, key...)
	if first.ID != second.ID || first.Status != "succeeded" {
		t.Errorf("one key began %s, %s, and %s", first.ID, first.Status, second.ID)
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
