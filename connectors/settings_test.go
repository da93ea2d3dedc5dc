package connectors

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func TestChangeKeepsSecretsThatAreLeftBlank(t *testing.T) {
	b := newBench(t)
	c := Connection{ID: "c1", Type: "header", Hosts: []string{"api.acme.io"}}
	list := func(pairs ...string) schema.Values {
		var rows []any
		for i := 0; i < len(pairs); i += 2 {
			rows = append(rows, schema.Values{"name": pairs[i], "value": pairs[i+1]})
		}
		return schema.Values{"headers": rows}
	}
	if err := b.vault.Change(Header, &c, list("X-One", "secret-one", "X-Two", "secret-two"), nil); err != nil || c.State != Untested {
		t.Fatalf("%v, %s", err, c.State)
	}
	if want := (schema.Values{"headers": []any{schema.Values{"name": "X-One"}, schema.Values{"name": "X-Two"}}}); !reflect.DeepEqual(c.Settings, want) {
		t.Errorf("people may see %v, want %v", c.Settings, want)
	}
	c.State = Ready
	if err := b.vault.Change(Header, &c, list("x-two", "", "X-One", "new"), nil); err != nil || c.State != Untested {
		t.Fatalf("%v, %s", err, c.State)
	}
	s, err := b.vault.Open(c)
	if want := list("x-two", "secret-two", "X-One", "new"); err != nil || !reflect.DeepEqual(s.Settings, want) {
		t.Errorf("sealed %v, %v, want %v", s.Settings, err, want)
	}
	err = b.vault.Change(Header, &c, list("X-Three", ""), nil)
	var p schema.Problems
	if !errors.As(err, &p) || p[0].Field != "headers.0.value" {
		t.Errorf("a new name without a value: %v", err)
	}
	f, err := b.vault.Facts(Header, c)
	if err != nil || !f.Saved["headers.x-two.value"] || f.Saved["headers.x-two.name"] {
		t.Errorf("facts = %+v, %v", f, err)
	}
}

func TestChangeDropsATokenThatBelongsToOtherSettings(t *testing.T) {
	settings := func(change schema.Values) schema.Values {
		v := schema.Values{"authorize_url": "https://a.example/authorize", "token_url": "https://a.example/token", "client_id": "id", "client_secret": ""}
		for k, x := range change {
			v[k] = x
		}
		return v
	}
	for _, x := range []struct {
		name   string
		change schema.Values
		state  State
		keeps  bool
	}{
		{"nothing", nil, Ready, true},
		{"scopes", schema.Values{"scopes": "more"}, Ready, true},
		{"the secret", schema.Values{"client_secret": "rotated"}, Ready, true},
		{"the client", schema.Values{"client_id": "other"}, NeedsSignIn, false},
		{"the token URL", schema.Values{"token_url": "https://b.example/token", "client_secret": "s"}, NeedsSignIn, false},
	} {
		b := newBench(t)
		id := b.add("oauth_code", settings(schema.Values{"client_secret": "s"}), Token{Access: "a", Refresh: "r"}, "api.acme.io")
		c := b.storage.rows[id]
		c.State = Ready
		if err := b.vault.Change(OAuthCode, &c, settings(x.change), nil); err != nil {
			t.Fatal(err)
		}
		s, err := b.vault.Open(c)
		if err != nil || c.State != x.state || (s.Token.Refresh == "r") != x.keeps || s.Settings["client_secret"] == "" {
			t.Errorf("%s changed: state %s, token kept %v, %v", x.name, c.State, s.Token.Refresh == "r", err)
		}
	}
}

func TestChangeWantsHosts(t *testing.T) {
	b := newBench(t)
	for _, x := range []struct {
		kind    AuthType
		hosts   []string
		testURL string
		field   string
		want    string
	}{
		{Basic, nil, "", "hosts", ""},
		{Basic, nil, "https://API.acme.io/me", "", "api.acme.io"},
		{Basic, []string{"*.acme.io"}, "https://api.acme.io/me", "", "*.acme.io"},
		{Basic, []string{"api.acme.io"}, "https://other.io/me", "test_url", ""},
		{Basic, []string{"api.acme.io"}, "nonsense", "test_url", ""},
		{None, nil, "", "", ""},
	} {
		c := Connection{ID: "c1", Type: x.kind.Name, Hosts: x.hosts, TestURL: x.testURL}
		settings := schema.Values{}
		if x.kind.Name == "basic" {
			settings["username"] = "u"
		}
		err := b.vault.Change(x.kind, &c, settings, nil)
		var p schema.Problems
		if errors.As(err, &p) != (x.field != "") || x.field != "" && p[0].Field != x.field || err == nil && x.want != "" && c.Hosts[0] != x.want {
			t.Errorf("%s with %v and %q: %v, hosts %v, want a problem of %q", x.kind.Name, x.hosts, x.testURL, err, c.Hosts, x.field)
		}
	}
}

// Whoever changes where a secret goes has to know it.
func TestSecretsAreNotSentElsewhereByWhoeverDoesNotKnowThem(t *testing.T) {
	b := newBench(t)
	oauth := func(change ...any) schema.Values {
		v := schema.Values{"authorize_url": "https://a.io/authorize", "token_url": "https://a.io/token", "client_id": "c", "client_secret": ""}
		for i := 0; i < len(change); i += 2 {
			v[change[i].(string)] = change[i+1]
		}
		return v
	}
	header := func(value string) schema.Values {
		return schema.Values{"headers": []any{map[string]any{"name": "X-Key", "value": value}}}
	}
	for _, x := range []struct {
		name   string
		kind   AuthType
		first  schema.Values
		hosts  []string // afterwards; before it is *.a.io
		filled schema.Values
		field  string // that is asked for again; "" when nothing is
	}{
		{"the same place", Basic, schema.Values{"username": "u", "password": "p"}, []string{"*.a.io"}, schema.Values{"username": "u"}, ""},
		{"a narrower place", Basic, schema.Values{"username": "u", "password": "p"}, []string{"api.a.io", "*.b.a.io"}, schema.Values{"username": "u"}, ""},
		{"one more host", Basic, schema.Values{"username": "u", "password": "p"}, []string{"*.a.io", "evil.example"}, schema.Values{"username": "u"}, "password"},
		{"a wider place", Basic, schema.Values{"username": "u", "password": "p"}, []string{"*.io.example"}, schema.Values{"username": "u"}, "password"},
		{"one more host by whoever knows", Basic, schema.Values{"username": "u", "password": "p"}, []string{"evil.example"}, schema.Values{"username": "u", "password": "p"}, ""},
		{"a header elsewhere", Header, header("k"), []string{"evil.example"}, header(""), "headers.0.value"},
		{"a token URL elsewhere", OAuthCode, oauth("client_secret", "s"), []string{"*.a.io"}, oauth("token_url", "https://evil.example/token"), "client_secret"},
		{"a refresh URL elsewhere", OAuthCode, oauth("client_secret", "s"), []string{"*.a.io"}, oauth("refresh_url", "https://evil.example/token"), "client_secret"},
		{"a host that another was always", Basic, schema.Values{"username": "u", "password": "p"}, []string{"x.a.io"}, schema.Values{"username": "u"}, ""},
		{"another path of the same token server", OAuthCode, oauth("client_secret", "s"), []string{"*.a.io"}, oauth("token_url", "https://a.io/v2/token"), ""},
		{"a token URL elsewhere by whoever knows", OAuthCode, oauth("client_secret", "s"), []string{"*.a.io"}, oauth("client_secret", "s", "token_url", "https://b.io/token"), ""},
		{"API calls elsewhere", OAuthCode, oauth("client_secret", "s"), []string{"evil.example"}, oauth(), "client_secret"},
	} {
		c := Connection{ID: "c", Type: x.kind.Name, Hosts: []string{"*.a.io"}}
		if err := b.vault.Change(x.kind, &c, x.first, nil); err != nil {
			t.Fatalf("%s: %v", x.name, err)
		}
		c.Hosts = x.hosts
		err := b.vault.Change(x.kind, &c, x.filled, nil)
		var problems schema.Problems
		errors.As(err, &problems)
		switch {
		case x.field == "" && err != nil:
			t.Errorf("%s: got %v, want it to be taken", x.name, err)
		case x.field != "" && (len(problems) != 1 || problems[0].Field != x.field || !strings.Contains(problems[0].Message, "entered again")):
			t.Errorf("%s: got %v, want %s to be asked for again", x.name, err, x.field)
		}
	}
	public := Connection{ID: "c", Type: "oauth_code", Hosts: []string{"*.a.io"}}
	if err := b.vault.Change(OAuthCode, &public, oauth("pkce", true, "client_auth", "none"), nil); err != nil {
		t.Fatal(err)
	}
	secrets, _ := b.vault.Open(public)
	secrets.Token = Token{Access: "a", Refresh: "r"}
	if err := b.vault.Seal(&public, secrets); err != nil {
		t.Fatal(err)
	}
	public.State, public.Hosts = Ready, []string{"evil.example"}
	if err := b.vault.Change(OAuthCode, &public, oauth("pkce", true, "client_auth", "none"), nil); err != nil {
		t.Fatal(err)
	}
	if secrets, _ = b.vault.Open(public); secrets.Token.Access != "" || public.State != NeedsSignIn {
		t.Errorf("a public client's token goes along to evil.example: %s", public.State)
	}
}
