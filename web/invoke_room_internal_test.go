package web

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestBodiesOfCallsShareOneBudget(t *testing.T) {
	b := newBodyBudget()
	small := httptest.NewRequest("POST", "/", strings.NewReader("{}"))
	large := httptest.NewRequest("POST", "/", nil)
	large.ContentLength = 10 << 20
	chunked := httptest.NewRequest("POST", "/", nil)
	chunked.ContentLength = -1

	var releases []func()
	for len(releases) <= bodyRoom/(10<<20) {
		r := large
		if len(releases)%2 == 1 {
			r = chunked
		}
		release, ok := b.take(r, 10<<20)
		if !ok {
			break
		}
		releases = append(releases, release)
	}
	if got, want := len(releases), bodyRoom/(10<<20); got != want {
		t.Fatalf("%d bodies of 10 MiB had room, want %d", got, want)
	}
	if _, ok := b.take(small, 10<<20); !ok {
		t.Error("a small body had no room")
	}
	releases[0]()
	if _, ok := b.take(large, 10<<20); !ok {
		t.Error("the room of an answered call was not given back")
	}
}
