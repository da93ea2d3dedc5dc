package connectors

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

// wellKnown answers the paths it is given; %s in an answer is its own address.
func wellKnown(t *testing.T, answers map[string]string) (*httptest.Server, *[]string) {
	t.Helper()
	var asked []string
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		answer, there := answers[r.URL.Path]
		if !there {
			http.NotFound(w, r)
			return
		}
		if to, ok := strings.CutPrefix(answer, "-> "); ok {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, strings.ReplaceAll(answer, "%s", s.URL))
	}))
	t.Cleanup(s.Close)
	return s, &asked
}

func TestServersAreDiscoveredFromTheirIssuer(t *testing.T) {
	meta := func(path string) string {
		return `{"issuer":"%s` + path + `","authorization_endpoint":"%s/a","token_endpoint":"%s/t","scopes_supported":["openid","read"]}`
	}
	for _, x := range []struct {
		name, give string // after the server's address
		answers    map[string]string
		issuer     string
		last       string
	}{
		{"RFC 8414", "", map[string]string{wellKnownOAuth: meta("")}, "", wellKnownOAuth},
		{"RFC 8414, path inserted", "/tenant/one", map[string]string{wellKnownOAuth + "/tenant/one": meta("/tenant/one")}, "/tenant/one", wellKnownOAuth + "/tenant/one"},
		{"a slash at the end", "/tenant/", map[string]string{wellKnownOAuth + "/tenant": meta("/tenant")}, "/tenant", wellKnownOAuth + "/tenant"},
		{"an issuer with a slash", "", map[string]string{wellKnownOpenID: meta("/")}, "/", wellKnownOpenID},
		{"OpenID Connect", "/realms/acme", map[string]string{"/realms/acme" + wellKnownOpenID: meta("/realms/acme")}, "/realms/acme", "/realms/acme" + wellKnownOpenID},
		{"OpenID Connect, path inserted", "/x", map[string]string{wellKnownOpenID + "/x": meta("/x")}, "/x", wellKnownOpenID + "/x"},
		{"the address of the metadata", "/realms/acme" + wellKnownOpenID, map[string]string{"/realms/acme" + wellKnownOpenID: meta("/realms/acme")}, "/realms/acme", "/realms/acme" + wellKnownOpenID},
		{"the address of RFC 8414", wellKnownOAuth + "/x", map[string]string{wellKnownOAuth + "/x": meta("/x")}, "/x", wellKnownOAuth + "/x"},
		{"another's metadata first", "/x", map[string]string{wellKnownOAuth + "/x": meta(""), "/x" + wellKnownOpenID: meta("/x")}, "/x", "/x" + wellKnownOpenID},
		{"no JSON first", "", map[string]string{wellKnownOAuth: "<html>", wellKnownOpenID: meta("")}, "", wellKnownOpenID},
	} {
		s, asked := wellKnown(t, x.answers)
		m, err := newBench(t).clients.Discover(t.Context(), s.URL+x.give)
		if err != nil || m.Issuer != s.URL+x.issuer || m.TokenURL != s.URL+"/t" || m.AuthorizeURL != s.URL+"/a" || len(m.Scopes) != 2 {
			t.Errorf("%s: got %+v, %v", x.name, m, err)
			continue
		}
		if last := (*asked)[len(*asked)-1]; last != x.last {
			t.Errorf("%s: found at %s, want %s", x.name, last, x.last)
		}
	}
}

func TestDiscoveryRefusesWhatItCannotTrust(t *testing.T) {
	huge := `{"issuer":"%s","token_endpoint":"` + strings.Repeat("x", maxMetadata) + `"}`
	for _, x := range []struct {
		name, give string // "/…" comes after the server's address
		answers    map[string]string
		words      string
	}{
		{"nothing", "", nil, "is required"},
		{"no address", "ftp://login.acme.io", nil, "whole address"},
		{"a query", "https://login.acme.io/?a=b", nil, "without a user name"},
		{"a user name", "https://a:b@login.acme.io/", nil, "without a user name"},
		{"nobody there", "http://127.0.0.1:1", nil, "could not be asked"},
		{"a private address", "http://10.1.2.3", nil, "private"},
		{"a cloud's metadata", "http://169.254.169.254", nil, "FLOWDECK_EGRESS_ALLOW"},
		{"not found", "/", nil, "answered 404 Not Found"},
		{"another issuer", "/", map[string]string{wellKnownOAuth: `{"issuer":"https://evil.example","token_endpoint":"https://evil.example/t"}`}, "names the issuer \"https://evil.example\""},
		{"no issuer", "/", map[string]string{wellKnownOpenID: `{"token_endpoint":"https://evil.example/t"}`}, "names the issuer \"\""},
		{"no JSON", "/", map[string]string{wellKnownOAuth: `<html>Sign in</html>`}, "answered no metadata but application/json: <html>Sign in</html>"},
		{"a redirect", "/", map[string]string{wellKnownOAuth: "-> https://elsewhere.example/x"}, "sends on to https://elsewhere.example/x"},
		{"no end", "/", map[string]string{wellKnownOAuth: huge}, "more than 256 KB"},
		{"a token URL that is none", "/", map[string]string{wellKnownOAuth: `{"issuer":"%s","token_endpoint":"javascript:alert(1)"}`}, "token_endpoint must be a whole address"},
	} {
		s, _ := wellKnown(t, x.answers)
		give := x.give
		if strings.HasPrefix(give, "/") {
			give = s.URL + give
		}
		_, err := newBench(t).clients.Discover(t.Context(), give)
		problems, ok := err.(schema.Problems)
		if !ok || len(problems) != 1 || problems[0].Field != "discover" || !strings.Contains(problems[0].Message, x.words) {
			t.Errorf("%s: got %v, want a problem at discover with %q", x.name, err, x.words)
		}
	}
}

func TestWhatIsDiscoveredFillsTheForm(t *testing.T) {
	for _, x := range []struct {
		name, meta string
		kind       AuthType
		filled     schema.Values
		want       schema.Values
		notes      string
	}{
		{"all of it", `{"issuer":"https://i","authorization_endpoint":"https://i/a","token_endpoint":"https://i/t","code_challenge_methods_supported":["plain","S256"],"authorization_response_iss_parameter_supported":true}`, OAuthCode,
			schema.Values{"client_id": "kept", "token_url": "https://old"},
			schema.Values{"client_id": "kept", "authorize_url": "https://i/a", "token_url": "https://i/t", "issuer": "https://i", "issuer_check": "always", "client_auth": "basic"}, ""},
		{"chosen and offered", `{"issuer":"https://i","authorization_endpoint":"https://i/a","token_endpoint":"https://i/t","code_challenge_methods_supported":["S256"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"]}`, OAuthCode,
			schema.Values{"client_auth": "post"},
			schema.Values{"authorize_url": "https://i/a", "token_url": "https://i/t", "issuer": "https://i", "issuer_check": "named", "client_auth": "post"}, ""},
		{"only signed", `{"issuer":"https://i","token_endpoint":"https://i/t","token_endpoint_auth_methods_supported":["tls_client_auth","private_key_jwt"],"grant_types_supported":["client_credentials"]}`, ClientCredentials,
			schema.Values{"client_auth": "basic"},
			schema.Values{"token_url": "https://i/t", "issuer": "https://i", "client_auth": "private_key_jwt"}, ""},
		{"nothing that fits", `{"issuer":"https://i","authorization_endpoint":"https://i/a","token_endpoint":"https://i/t","code_challenge_methods_supported":["plain"],"token_endpoint_auth_methods_supported":["tls_client_auth"],"grant_types_supported":["implicit"]}`, OAuthCode,
			nil,
			schema.Values{"authorize_url": "https://i/a", "token_url": "https://i/t", "issuer": "https://i", "issuer_check": "named"},
			"The server does PKCE only as “plain”, not S256: it may have to be switched off. The server does not list the authorization code among what it grants. The server proves clients only by tls_client_auth, which Flowdeck does not do."},
		{"little", `{"issuer":"https://i"}`, ClientCredentials, nil, schema.Values{"issuer": "https://i", "client_auth": "basic"}, "The server names no token URL."},
	} {
		var m Metadata
		if err := json.Unmarshal([]byte(x.meta), &m); err != nil {
			t.Fatal(err)
		}
		got, notes := m.Fill(x.kind, x.filled)
		if fmt.Sprint(got) != fmt.Sprint(x.want) || strings.Join(notes, " ") != x.notes {
			t.Errorf("%s: got %v, %q\nwant %v, %q", x.name, got, notes, x.want, x.notes)
		}
	}
}
