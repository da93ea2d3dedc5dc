package flows

import (
	"slices"
	"testing"
)

func TestOriginsAreKeptAsBrowsersSendThem(t *testing.T) {
	given := Settings{Origins: []string{"https://app.example.com/", "HTTPS://App.Example.com:443", "http://localhost:3000", "http://a.example:80", "*", "no origin"}}
	before := slices.Clone(given.Origins)
	want := []string{"https://app.example.com", "http://localhost:3000", "http://a.example", "*", "no origin"}
	if got := given.Clean().Origins; !slices.Equal(got, want) {
		t.Errorf("Clean() has the origins %q, want %q", got, want)
	}
	if !slices.Equal(given.Origins, before) {
		t.Errorf("Clean() changed what it was given to %q", given.Origins)
	}
	if p := given.Clean().Check(); len(p) != 1 || p[0].Field != "origins" {
		t.Errorf("Check() = %v, want one problem at origins", p)
	}
	if got := (Settings{}).Clean().Origins; got != nil {
		t.Errorf("no origins become %q", got)
	}
}

// TestWhatBrowsersNeverSendIsNoOrigin: it would be kept, and never let anybody in.
func TestWhatBrowsersNeverSendIsNoOrigin(t *testing.T) {
	for text, ok := range map[string]bool{
		"https://xn--mller-kva.example": true, "http://[::1]:3000": true, "http://my_host.local": true,
		"https://müller.example": false, "https://*.example.com": false, "https://app.example.com:": false, "https://a%20b.example": false,
	} {
		if got, is := OriginOf(text); is != ok || ok && got != text {
			t.Errorf("OriginOf(%q) = %q, %v, want %v", text, got, is, ok)
		}
	}
}
