package web

import (
	"bytes"
	"context"
	"net/http"
	"testing"

	"flowdeck/connectors"
	"flowdeck/flows"
)

// A database whose master key is gone keeps its connections, which flows use. Whoever
// knows their secrets enters them again; that is what the failing cards say.
func TestAConnectionOfAnotherMasterKeyIsEnteredAgain(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); password != "new-password-1" {
			rw.WriteHeader(http.StatusUnauthorized)
		}
	})
	w.signIn()
	gone, err := connectors.NewVault(bytes.Repeat([]byte{9}, connectors.KeySize))
	must(t, err)
	row := connectors.Connection{ID: "c_gone", Name: "Acme", Type: "basic", Hosts: []string{w.host()}, TestURL: w.upstream.URL + "/me"}
	must(t, gone.Change(connectors.Basic, &row, map[string]any{"username": "maya", "password": "old-password-1"}, nil))
	must(t, w.s.Store.CreateConnection(context.Background(), row))
	w.publish("uses", public, endpointDoc(nil, flows.Step{ID: "get", Card: "http.get", Connection: row.ID, Inputs: map[string]any{"url": w.upstream.URL}}))
	at := "/connections/" + row.ID
	w.want("its page", w.visit(at), 200, "cannot be opened")
	w.want("the form", w.part(at+"/edit"), 200, `value="maya"`)
	w.want("the form", w.part(at+"/edit"), 200, "Enter all of them again")
	got := w.form(true, at, "name", "Acme", "auth.username", "maya", "auth.password", "new-password-1", "hosts", w.host(), "test_url", w.upstream.URL+"/me")
	w.want("saving with the secret", got, http.StatusNoContent, "")
	w.triggers("saving with the secret", got, "200 in")
	if c := w.only(); c.State != connectors.Ready {
		t.Errorf("state %s %q, want ready", c.State, c.StateDetail)
	}
}

// Nobody can sign in to it either: what the service knows the client by is sealed, too.
func TestAConnectionOfAnotherMasterKeyIsNotSignedInTo(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.signIn()
	gone, err := connectors.NewVault(bytes.Repeat([]byte{9}, connectors.KeySize))
	must(t, err)
	row := connectors.Connection{ID: "c_gone", Name: "Acme", Type: "oauth_code", Hosts: []string{w.host()}}
	must(t, gone.Change(connectors.OAuthCode, &row, map[string]any{"authorize_url": w.upstream.URL + "/authorize", "token_url": w.upstream.URL + "/token",
		"client_id": "us", "client_secret": "a-secret-1"}, nil))
	must(t, w.s.Store.CreateConnection(context.Background(), row))
	got := w.form(true, "/connections/"+row.ID+"/authorize")
	w.want("signing in", got, http.StatusConflict, "")
	w.triggers("signing in", got, "enter all of them again")
	w.want("without a script", w.form(false, "/connections/"+row.ID+"/authorize"), http.StatusConflict, "sealed with another master key")
}
