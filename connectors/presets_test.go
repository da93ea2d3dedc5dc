package connectors

import (
	"crypto"
	"crypto/elliptic"
	"net/url"
	"slices"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

// completed is what a person adds to a preset: who they are at the service.
func completed(p Preset, settings schema.Values, key crypto.Signer) schema.Values {
	switch p.Type {
	case "oauth_code", "client_credentials":
		settings["client_id"], settings["client_secret"] = "id", "secret"
		if settings["client_auth"] == "private_key_jwt" {
			settings["private_key"] = pkcs8(key)
		}
	case "basic":
		settings["username"], settings["password"] = "maya", "secret"
	case "header":
		for _, list := range []string{"headers", "query"} {
			rows, _ := settings[list].([]any)
			for _, row := range rows {
				row.(map[string]any)["value"] = "secret"
			}
		}
	}
	return settings
}

func TestEveryPresetFillsItsForm(t *testing.T) {
	types, vault := AllTypes(), newBench(t).vault
	names, key := map[string]bool{}, ecKey(t, elliptic.P256())
	for _, p := range Presets() {
		kind, known := types.Type(p.Type)
		if !known || p.Name == "" || p.Title == "" || p.Note == "" || names[p.Name] {
			t.Errorf("%+v: its type is unknown, its name is taken, or it has no title or note", p)
			continue
		}
		names[p.Name] = true
		answers := map[string]string{}
		for _, b := range p.Ask {
			answers[b.Name] = b.Placeholder
			if b.Label == "" || b.Placeholder == "" {
				t.Errorf("%s: the blank %+v says not what it wants", p.Name, b)
			}
		}
		fill, problems := p.Replacer(answers)
		if len(problems) > 0 {
			t.Errorf("%s: its own examples are wrong: %v", p.Name, problems)
		}
		settings := completed(p, Replaced(p.Settings, fill).(map[string]any), key)
		c := Connection{ID: p.Name, Type: p.Type, TestURL: fill.Replace(p.TestURL)}
		for _, h := range p.Hosts {
			hosts, wrong := ParseHosts(fill.Replace(h))
			if wrong != "" {
				t.Errorf("%s: %s", p.Name, wrong)
			}
			c.Hosts = append(c.Hosts, hosts...)
		}
		if len(c.Hosts) == 0 {
			c.Hosts = []string{"api.example.com"} // for the person to say
		}
		if err := vault.Change(kind, &c, settings, nil); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		addresses := []string{p.Link, c.TestURL}
		for name, v := range settings {
			if text, _ := v.(string); strings.HasSuffix(name, "_url") || name == "issuer" {
				addresses = append(addresses, text)
			} else if strings.Contains(text, "{") {
				t.Errorf("%s: %s is %q: nobody asks for that", p.Name, name, text)
			}
		}
		for _, at := range addresses {
			if u, err := url.Parse(at); at != "" && (err != nil || u.Scheme != "https" || strings.Contains(at, "{")) {
				t.Errorf("%s: %q is not an https address", p.Name, at)
			}
		}
	}
	for _, must := range []string{"google", "microsoft", "github", "gitlab", "slack", "okta", "salesforce", "salesforce_sandbox", "atlassian", "notion", "dropbox", "hubspot", "zoom", "discord",
		"linkedin", "spotify", "twitch", "box", "asana", "stripe_connect", "shopify", "xero", "quickbooks", "zendesk", "auth0", "keycloak", "microsoft_graph_app", "bearer", "api_key_header", "api_key_query"} {
		if !names[must] {
			t.Errorf("there is no preset %s", must)
		}
	}
	files, err := presetFiles.ReadDir("presets")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(f.Name(), ".json"); !names[name] {
			t.Errorf("the preset in %s has another name", f.Name())
		}
	}
	if !slices.IsSortedFunc(Presets(), func(a, b Preset) int { return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) }) {
		t.Error("they are not sorted by title")
	}
}

func TestBlanksTakeNamesAndHosts(t *testing.T) {
	p := Preset{Ask: []Blank{{Name: "domain", Placeholder: "acme.okta.com"}}}
	for _, x := range []struct{ given, want, words string }{
		{"acme.okta.com", "https://acme.okta.com/x", ""},
		{" https://acme.okta.com/admin ", "https://acme.okta.com/x", ""},
		{"acme.okta.com/", "https://acme.okta.com/x", ""},
		{"localhost:8443", "https://localhost:8443/x", ""},
		{"bücher.example", "https://bücher.example/x", ""},
		{"", "https://{domain}/x", "is required"},
		{"acme.okta.com/../evil", "https://{domain}/x", "must be like acme.okta.com"},
		{"a@evil.example", "https://{domain}/x", "must be like acme.okta.com"},
		{"evil.example#", "https://{domain}/x", "must be like acme.okta.com"},
		{"{domain}", "https://{domain}/x", "must be like acme.okta.com"},
	} {
		r, problems := p.Replacer(map[string]string{"domain": x.given})
		words := ""
		if len(problems) > 0 {
			words = problems[0].Message
		}
		if got := r.Replace("https://{domain}/x"); got != x.want || words != x.words {
			t.Errorf("%q: got %q, %q, want %q, %q", x.given, got, words, x.want, x.words)
		}
	}
}
