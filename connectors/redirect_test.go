package connectors

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"flowdeck/cards/schema"
)

func TestRedirectsNeverCarryCredentialsElsewhere(t *testing.T) {
	secret := func(r *http.Request) string {
		return r.Header.Get("Authorization") + r.Header.Get("X-Api-Key") + r.Header.Get("X-Own") + r.Header.Get("Cookie") + r.Header.Get("Referer")
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		b := newBench(t)
		other := watch(t, ok)
		var home seen
		home = watch(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/same" {
				http.Redirect(w, r, "/end", status)
			} else if r.URL.Path != "/end" {
				http.Redirect(w, r, other.URL, status)
			}
		})
		id := b.add("header", schema.Values{"headers": []any{schema.Values{"name": "X-Api-Key", "value": "k-12345678"}},
			"query": []any{schema.Values{"name": "key", "value": "q-12345678"}}}, Token{}, home.host())
		client, err := b.clients.Client(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/away", "/same"} {
			r, _ := http.NewRequest(http.MethodPost, home.URL+path, strings.NewReader("x"))
			r.Header.Set("Authorization", "Bearer of-the-card")
			r.Header.Set("X-Own", "own")
			r.Header.Set("Cookie", "a=b")
			res, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
		}
		if r := <-other.requests; secret(r) != "" || strings.Contains(r.URL.String(), "12345678") {
			t.Errorf("%d: the other host got %q at %s", status, secret(r), r.URL)
		}
		<-home.requests
		<-home.requests
		if r := <-home.requests; r.Header.Get("X-Api-Key") != "k-12345678" || r.Header.Get("X-Own") != "own" || r.URL.Query().Get("key") != "q-12345678" {
			t.Errorf("%d: the same host lost its headers: %v %s", status, r.Header, r.URL)
		}
	}
}

func TestChainsThatLeftAreNotSignedWhenTheyReturn(t *testing.T) {
	b := newBench(t)
	var home, other seen
	home = watch(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}
	})
	other = watch(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, home.URL+"/transfer", http.StatusTemporaryRedirect)
	})
	id := b.add("basic", schema.Values{"username": "u", "password": "p-12345678"}, Token{}, home.host())
	if _, _, err := b.get(id, home.URL+"/"); err != nil {
		t.Fatal(err)
	}
	if r := <-home.requests; r.Header.Get("Authorization") == "" {
		t.Error("the first request was not signed")
	}
	if r := <-home.requests; r.URL.Path != "/transfer" || r.Header.Get("Authorization") != "" {
		t.Errorf("%s was signed although %s sent us there", r.URL.Path, other.host())
	}
}

func TestRedirectsEnd(t *testing.T) {
	b := newBench(t)
	loop := watch(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) })
	if _, _, err := b.get("", loop.URL+"/"); err == nil || !strings.Contains(err.Error(), "in circles") {
		t.Errorf("got %v, want the loop to be named", err)
	}
	if n := len(loop.requests); n > 3 {
		t.Errorf("%d requests before the loop was seen, want 3 at most", n)
	}
	spiral := watch(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) })
	if _, _, err := b.get("", spiral.URL+"/"); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%d redirects", maxRedirects)) {
		t.Errorf("got %v, want the number of redirects to be named", err)
	}
	if len(spiral.requests) != maxRedirects+1 {
		t.Errorf("%d requests, want the first and %d redirects", len(spiral.requests), maxRedirects)
	}
}
