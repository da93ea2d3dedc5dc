package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows"
)

// lifeWorld has two published flows that use one sign-in, whose token is good for an hour.
func lifeWorld(t *testing.T, answer func(http.ResponseWriter)) (*world, string) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	auth := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { answer(rw) }))
	t.Cleanup(auth.Close)
	settings := map[string]any{"authorize_url": auth.URL + "/authorize", "token_url": auth.URL + "/token", "client_id": "flowdeck", "client_secret": "secret-nobody-knows"}
	row := connectors.Connection{ID: "c_life", Name: "Acme CRM", Type: "oauth_code", Hosts: []string{w.host()}}
	must(t, w.s.Vault.Change(connectors.OAuthCode, &row, settings, nil))
	row.State = connectors.Ready
	now := time.Now()
	must(t, w.s.Vault.Seal(&row, connectors.Secrets{Settings: settings, Token: connectors.Token{Access: "access-nobody-knows", Refresh: "refresh-nobody-knows",
		Type: "Bearer", Issued: now.Add(-2 * time.Hour), Expires: now.Add(time.Hour)}}))
	must(t, w.s.Store.CreateConnection(context.Background(), row))
	for _, name := range []string{"Orders", "Invoices"} {
		w.publish(name, public, endpointDoc(nil, flows.Step{ID: "get", Card: "http.get", Connection: row.ID, Inputs: map[string]any{"url": w.upstream.URL}}))
	}
	return w, "/connections/" + row.ID
}

func TestARenewalIsRehearsed(t *testing.T) {
	var refuses atomic.Bool
	var issued atomic.Int64
	w, at := lifeWorld(t, func(rw http.ResponseWriter) {
		if refuses.Load() {
			rw.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(rw, `{"error":"invalid_client","error_description":"The secret expired on Friday"}`)
			return
		}
		fmt.Fprintf(rw, `{"access_token":"next-nobody-knows-%[1]d","refresh_token":"rotated-nobody-knows-%[1]d","expires_in":3600}`, issued.Add(1))
	})
	w.want("the drawer", w.part(at), 200, "Rehearse the renewal now")
	for _, htmx := range []bool{true, false} {
		got := w.form(htmx, at+"/rehearse")
		w.want("a rehearsal", got, 200, "The renewal works.")
		w.want("a rehearsal", got, 200, "a new one, stored before anything uses it")
		w.want("a rehearsal", got, 200, "200 OK")
		if strings.Contains(got.body, "nobody-knows") {
			t.Error("the rehearsal shows a secret")
		}
	}
	if page := w.visit("/flows").body; strings.Contains(page, "stop") {
		t.Error("flows are said to stop although all is well")
	}
	refuses.Store(true)
	got := w.form(true, at+"/rehearse")
	w.want("a rehearsal that fails", got, 200, "The secret expired on Friday")
	w.want("a rehearsal that fails", got, 200, "goes on working until")
	w.triggers("a rehearsal that fails", got, "fd:rows")
	for _, page := range []string{"/flows", "/connections"} {
		w.want(page, w.visit(page), 200, "2 flows stop")
		w.want(page, w.visit(page), 200, ">Flow Orders</a>")
		w.want(page, w.visit(page), 200, "Its renewal has failed once, first on")
	}
	w.want("the drawer", w.part(at), 200, "2 live flows stop at")
	w.want("the drawer", w.part(at), 200, "Reauthorize")
}

func TestTheEndOfASecretIsNoted(t *testing.T) {
	w, at := lifeWorld(t, func(http.ResponseWriter) {})
	day := time.Now().AddDate(0, 0, 9)
	w.triggers("a day", w.form(true, at+"/secret-ends", "day", day.Format(time.DateOnly)), "Noted: its secret works until "+day.Format("2 January"))
	w.want("the list of flows", w.visit("/flows"), 200, "2 flows stop on "+day.Format("2 January"))
	w.want("the drawer", w.part(at), 200, `value="`+day.Format(time.DateOnly)+`"`)
	w.want("no day", w.form(true, at+"/secret-ends", "day", "soon"), http.StatusUnprocessableEntity, "")
	w.triggers("none", w.form(true, at+"/secret-ends", "day", ""), "No end of its secret is noted")
	if strings.Contains(w.visit("/flows").body, "flows stop") {
		t.Error("flows are said to stop although no end is noted")
	}
}

func TestAnotherAccountIsSaid(t *testing.T) {
	w, at := lifeWorld(t, func(http.ResponseWriter) {})
	must(t, w.s.Store.UpdateConnection(context.Background(), "c_life", func(c *connectors.Connection) error {
		s, err := w.s.Vault.Open(*c)
		s.Token.Account = "leo@acme.io"
		c.Life.AccountWas, c.Life.AccountSince = "maya@acme.io", time.Now()
		c.Life.Rejected, c.Life.RejectedSince, c.Life.RejectedWith = 5, time.Now(), 401
		if err != nil {
			return err
		}
		return w.s.Vault.Seal(c, s)
	}))
	w.want("the drawer", w.part(at), 200, "leo@acme.io (was maya@acme.io until")
	w.want("the drawer", w.part(at), 200, "5 calls in a row answered 401 since")
}
