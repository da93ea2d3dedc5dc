package connectors

import (
	"testing"

	"flowdeck/cards/schema"
)

// A secret given for an address with TLS is not sent without it because somebody
// changed a letter of the address.
func TestASecretIsAskedForAgainWhenItWouldGoInTheClear(t *testing.T) {
	settings := func(at string) schema.Values { return schema.Values{"token_url": at} }
	stored := Connection{Key: []byte("k"), Hosts: []string{"api.acme.io"}}
	for _, x := range []struct {
		before, now string
		asked       bool
	}{
		{"https://a.io/t", "https://a.io/u", false},
		{"https://a.io/t", "http://a.io/t", true},
		{"https://a.io/t", "HTTP://a.io/t", true},
		{"http://a.io/t", "http://a.io/u", false},
		{"http://a.io/t", "https://a.io/t", false},
		{"https://a.io/t", "https://b.io/t", true},
		{"https://a.io/t", "https://a.io:8443/t", true},
		{"http://a.io/t", "http://b.io/t", true},
	} {
		got := leadsElsewhere(ClientCredentials, stored, Secrets{Bound: stored.Hosts, Settings: settings(x.before)}, settings(x.now))
		if got != "" != x.asked {
			t.Errorf("from %s to %s: leads to %q, want it noticed: %v", x.before, x.now, got, x.asked)
		}
	}
}
