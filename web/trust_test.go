package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"flowdeck/flows"
	"flowdeck/oauth"
)

func TestOtherIssuersOpenEndpointsThatTrustThem(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	public, err := (&jose.JSONWebKey{Key: key.Public(), KeyID: "k1"}).MarshalJSON()
	must(t, err)
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		base := "http://" + r.Host
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": base, "jwks_uri": base + "/keys", "token_endpoint": base + "/token"})
		case "/keys":
			fmt.Fprintf(w, `{"keys":[%s]}`, public)
		default:
			http.NotFound(w, r)
		}
	})
	token := func(change map[string]any) string {
		body := map[string]any{"iss": w.upstream.URL, "aud": "flows", "sub": "u1", "client_id": "portal", "exp": time.Now().Add(time.Minute).Unix(), "scope": "call", "dept": "finance"}
		for k, v := range change {
			body[k] = v
		}
		text, err := json.Marshal(body)
		must(t, err)
		s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "k1"))
		must(t, err)
		x, err := s.Sign(text)
		must(t, err)
		out, err := x.CompactSerialize()
		must(t, err)
		return out
	}
	f := w.publish("company", flows.Settings{Security: "oauth", Issuers: []flows.Issuer{{URL: w.upstream.URL, Audience: "flows", Scopes: []string{"call"}, Claims: []string{"dept = finance"}}}}, endpointDoc(nil))
	call := func(token string) reply {
		return w.call("POST", "/api/flows/company/invoke", "", "Authorization", "Bearer "+token)
	}
	good := token(nil)
	for range 2 { // the second time from memory
		got := call(good)
		w.want("its token", got, 200, "run")
		by, _ := w.run(got).Event["caller"].(map[string]any)
		if by["client_id"] != "portal" || by["subject"] != "u1" || by["issuer"] != w.upstream.URL {
			t.Errorf("caller = %v", by)
		}
	}
	w.want("another audience", call(token(map[string]any{"aud": "other"})), 401, "invalid_token")
	w.want("without the scope", call(token(map[string]any{"scope": ""})), 403, "insufficient_scope")
	w.want("another claim", call(token(map[string]any{"dept": "sales"})), 403, "insufficient_scope")
	w.want("another issuer", call(token(map[string]any{"iss": "https://evil.example"})), 401, "invalid_token")
	w.want("ours still opens it", call(w.accessToken(w.app("app_ours", oauth.AuthKey, "flows.invoke"))), 200, "run")
	w.set(f.ID, func(s *flows.Settings) { s.Issuers = nil })
	w.want("after the trust was taken back", call(good), 401, "invalid_token")

	// An app whose keys are at an address.
	app := w.app("app_url", oauth.AuthKey, "flows.invoke")
	w.changeApp(app.ID, func(a *oauth.App) { a.Keys, a.JWKSURL = nil, w.upstream.URL+"/keys" })
	app.key = key
	w.want("a key from the JWKS URL", w.ask(oauth.PathToken, asserted(w.assertion(app, nil))), 200, "access_token")
	w.set(f.ID, func(s *flows.Settings) { s.Issuers = nil })
	fetched := w.accessToken(app)
	w.want("its token", call(fetched), 200, "run")
	both := w.app("app_both", oauth.AuthKey, "flows.invoke")
	w.changeApp(both.ID, func(a *oauth.App) { a.JWKSURL = w.upstream.URL + "/keys" })
	kept := w.accessToken(both)
	w.want("a token of a key that is kept here", call(kept), 200, "run")
	w.changeApp(both.ID, func(a *oauth.App) { a.Keys[0].Active = false })
	w.want("after that key was deactivated", call(kept), 401, "invalid_token")
	w.changeApp(both.ID, func(a *oauth.App) { a.Keys = nil })
	w.want("after that key was deleted", call(kept), 401, "invalid_token")
	w.changeApp(app.ID, func(a *oauth.App) { a.JWKSURL = "" })
	w.want("after the JWKS URL was taken away", call(fetched), 401, "invalid_token")
}

func TestAppsAndEndpointsAreSetUpByTheirForms(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	at := func(got reply) string { return got.header.Get("HX-Redirect") }
	path := at(w.post("/apps", map[string][]string{"name": {"Portal"}, "auth": {"client_secret"}}, "HX-Request", "true"))
	if !strings.HasPrefix(path, "/apps/app_") {
		t.Fatalf("no app was made: %q", path)
	}
	w.want("a name that is taken", w.post("/apps", map[string][]string{"name": {"Portal"}}, "HX-Request", "true"), 422, "the name of another app")
	w.want("no name", w.post("/apps", map[string][]string{"name": {" "}}, "HX-Request", "true"), 422, "Is required")
	w.want("a scope that cannot be", w.post(path+"/scopes", map[string][]string{"scope": {`a"b`}}, "HX-Request", "true"), 422, "Must be words")
	w.want("a scope", w.post(path+"/scopes", map[string][]string{"scope": {"flows.invoke"}}, "HX-Request", "true"), 200, "Take back flows.invoke")
	w.want("an address that is none", w.post(path+"/jwks", map[string][]string{"jwks_url": {"nowhere"}}, "HX-Request", "true"), 422, "")
	made := w.post(path+"/secrets", nil, "HX-Request", "true").body
	_, secret, _ := strings.Cut(made, "fds_")
	secret = "fds_" + secret[:strings.IndexAny(secret, "<\"&")]
	id := strings.TrimPrefix(path, "/apps/")
	ask := func() reply {
		return w.ask(oauth.PathToken, map[string][]string{"grant_type": {"client_credentials"}}, "Authorization", basicAuth(id, secret))
	}
	w.want("the secret", ask(), 200, "access_token")
	w.post(path+"/secrets", map[string][]string{"overlap": {"1h"}}, "HX-Request", "true")
	w.want("the secret beside its successor", ask(), 200, "access_token")
	w.post(path+"/secrets", map[string][]string{"overlap": {"0s"}}, "HX-Request", "true")
	w.want("the secret after its end", ask(), 401, "invalid_client")

	guarded := w.publish("guarded", flows.Settings{Security: "oauth"}, endpointDoc(nil))
	call := func(got reply) reply {
		_, token, _ := strings.Cut(got.body, `"access_token":"`)
		token, _, _ = strings.Cut(token, `"`)
		return w.call("POST", "/api/flows/"+guarded.Alias+"/invoke", "", "Authorization", "Bearer "+token)
	}
	_, secret, _ = strings.Cut(w.post(path+"/secrets", nil, "HX-Request", "true").body, "fds_")
	secret = "fds_" + secret[:strings.IndexAny(secret, "<\"&")]
	token := ask()
	w.want("a token of a secret", call(token), 200, "run")
	w.post(path+"/secrets", map[string][]string{"overlap": {"1h"}}, "HX-Request", "true")
	w.want("a token of a secret that was replaced", call(token), 200, "run")
	sum := sha256.Sum256([]byte(secret))
	w.post(path+"/secrets/end", map[string][]string{"secret": {hex.EncodeToString(sum[:])}}, "HX-Request", "true")
	w.want("a token of a secret that was ended by hand", call(token), 401, "invalid_token")

	for range oauth.MostSecrets {
		w.post(path+"/secrets", map[string][]string{"overlap": {"1h"}}, "HX-Request", "true")
	}
	full := w.post(path+"/secrets", map[string][]string{"overlap": {"1h"}}, "HX-Request", "true")
	w.want("one more than may work at a time", full, 422, "")
	w.triggers("one more than may work at a time", full, "End one of them")
	w.want("in place of all", w.post(path+"/secrets", map[string][]string{"overlap": {"0s"}}, "HX-Request", "true"), 200, "fds_")

	f := w.publish("formed", public, endpointDoc(nil))
	settings := "/flows/" + f.ID + "/endpoint"
	form := endpointForms("formed")
	form.Set("security", "oauth")
	form.Set("scope", "orders.write")
	form.Set("callers", "list")
	form.Set("app", id)
	form.Set("rate", "60")
	form["issuer"], form["audience"], form["issuer_scopes"], form["claims"] = []string{"https://login.example", ""}, []string{"flows", ""}, []string{"a b", ""}, []string{"dept=finance\nok = true", ""}
	w.want("saving", w.post(settings, form, "HX-Request", "true"), 200, "")
	set := w.flow(f.ID).Settings
	if set.Security != "oauth" || set.Scope != "orders.write" || !set.ListedApps || len(set.Apps) != 1 || set.Rate != 60 || len(set.Issuers) != 1 ||
		strings.Join(set.Issuers[0].Claims, ";") != "dept = finance;ok = true" || strings.Join(set.Issuers[0].Scopes, " ") != "a b" {
		t.Errorf("saved %+v", set)
	}
	for field, bad := range map[string][2]string{"scope": {"two words", "one word"}, "rate": {"many", "whole number"}, "issuer": {"login", "whole address"}, "audience": {"", "Is required"}, "claims": {"x", "is no rule"}} {
		wrong := endpointForms("formed")
		for k, v := range form {
			wrong[k] = v
		}
		wrong.Set(field, bad[0])
		w.want(field, w.post(settings, wrong, "HX-Request", "true"), 422, bad[1])
	}

	form.Set("alias", "renamed")
	form.Set("grace", "168h")
	form.Set("security", "public")
	w.post(settings, form, "HX-Request", "true")
	w.want("the old alias", w.call("POST", "/api/flows/formed/invoke", ""), 200, "run")
	w.has(settings, "The old alias", "works until")
	other := w.publish("other", public, endpointDoc(nil))
	w.want("an alias in its grace", w.post("/flows/"+other.ID+"/endpoint", endpointForms("formed"), "HX-Request", "true"), 422, "Is taken")
	w.post(settings+"/alias/drop", map[string][]string{"alias": {"formed"}}, "HX-Request", "true")
	w.want("after it was ended", w.call("POST", "/api/flows/formed/invoke", ""), 404, "not_found")
}

func TestEndpointsAreDescribed(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	in := []any{input("id", "text", "body", true), input("page", "number", "query", false), input("x_tag", "list", "header", false)}
	var last flows.Flow
	for alias, set := range map[string]flows.Settings{"one": {Security: "oauth", Issuers: []flows.Issuer{{URL: "https://login.example", Audience: "x", Scopes: []string{"a"}}}}, "two": {Security: "token", Rate: 5}, "three": {Security: "public", Methods: []string{"GET"}}} {
		last = w.publish(alias, set, endpointDoc(in))
	}
	for _, path := range []string{"/openapi.json", "/flows/" + last.ID + "/endpoint/openapi.json"} {
		got := w.page(path)
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(got.body))
		must(t, err)
		if err := openAPISchema(t).Validate(document); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, part := range []string{`"/api/flows/one/invoke"`, `"clientCredentials"`, `"openIdConnectUrl": "https://login.example/.well-known/openid-configuration"`, `"x-api-client-token"`, `"name": "x-tag"`} {
		w.has("/openapi.json", part)
	}
	w.want("for those who are not signed in", w.call("GET", "/openapi.json", ""), 303, "")
}
