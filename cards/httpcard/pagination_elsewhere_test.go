package httpcard

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// A redirect that led to another host took no credential of the card along; the pages
// that follow there take none either.
func TestPagesBehindARedirectElsewhereGetNoCredential(t *testing.T) {
	var asked []http.Header
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Clone())
		if r.URL.Path == "/first" {
			w.Header().Set("Link", "</second>; rel=next")
		}
		list(w, `[1]`)
	}))
	defer other.Close()
	home := httptest.NewServer(http.RedirectHandler(other.URL+"/first", http.StatusFound))
	defer home.Close()
	client := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		r.Header.Del("X-Api-Key")
		return nil
	}}
	out, err := Get.Call(context.Background(), cards.Env{HTTP: client, Now: time.Now},
		schema.Values{"url": home.URL, "pagination": "link", "headers": schema.Values{"X-Api-Key": "card-12345678", "Accept": "application/json"}})
	if err != nil || len(asked) != 2 {
		t.Fatalf("%v, %v after %d requests", out, err, len(asked))
	}
	for i, h := range asked {
		if h.Get("X-Api-Key") != "" || h.Get("Accept") != "application/json" {
			t.Errorf("page %d was asked for with %v", i+1, h)
		}
	}
}

// A redirect from https to http took no credential along; the pages behind it would, because
// their host is the same.
func TestPagesThatWouldNotBeEncryptedAreNotFollowed(t *testing.T) {
	var asked atomic.Int64
	client := &http.Client{Transport: roundTrips(func(r *http.Request) *http.Response {
		res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}, "Link": {"</second>; rel=next"}}, Body: io.NopCloser(strings.NewReader("[1]")), Request: r}
		if r.URL.Scheme == "https" {
			res.StatusCode = http.StatusFound
			res.Header.Set("Location", "http://api.acme.io/first")
		}
		if r.URL.Path == "/second" {
			asked.Add(1)
		}
		return res
	})}
	_, err := Get.Call(context.Background(), cards.Env{HTTP: client, Now: time.Now}, schema.Values{"url": "HTTPS://api.acme.io/start", "pagination": "link"})
	var e *cards.Error
	if !errors.As(err, &e) || e.Code != cards.CodePageElsewhere || asked.Load() != 0 {
		t.Errorf("%v after %d requests for the second page, want %s", err, asked.Load(), cards.CodePageElsewhere)
	}
}

type roundTrips func(*http.Request) *http.Response

func (f roundTrips) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

// A host is the same in capitals and with the port that its scheme has anyway.
func TestPagesAtTheSameHostWrittenOtherwise(t *testing.T) {
	for link, follows := range map[string]bool{
		"https://api.acme.io:443/second": true, "https://API.acme.io/second": true,
		"https://api.acme.io:8443/second": false, "https://api.acme.io:80/second": false, "http://api.acme.io:443/second": false,
	} {
		var asked []string
		client := &http.Client{Transport: roundTrips(func(r *http.Request) *http.Response {
			asked = append(asked, r.URL.Host+" "+r.Header.Get("X-Api-Key"))
			res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader("[1]")), Request: r}
			if r.URL.Path == "/first" {
				res.Header.Set("Link", "<"+link+">; rel=next")
			}
			return res
		})}
		_, err := Get.Call(context.Background(), cards.Env{HTTP: client, Now: time.Now},
			schema.Values{"url": "https://api.acme.io/first", "pagination": "link", "headers": schema.Values{"X-Api-Key": "k"}})
		if follows != (err == nil) || follows && (len(asked) != 2 || asked[1] != "api.acme.io k") {
			t.Errorf("%s: asked for %q, %v, want it followed: %v", link, asked, err, follows)
		}
	}
}
