package httpcard

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// A client that cleans the answers it lets out learns of redirects that a card does not follow.
func TestTheClientIsAskedAboutRedirectsThatAreNotFollowed(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/secret")
		w.WriteHeader(http.StatusFound)
	}))
	defer s.Close()
	client := &http.Client{CheckRedirect: func(next *http.Request, _ []*http.Request) error {
		next.Response.Header.Set("Location", "/cleaned")
		return nil
	}}
	env := cards.Env{HTTP: client, Now: time.Now}
	out, err := Get.Call(context.Background(), env, schema.Values{"url": s.URL, "redirects": 0})
	if headers, _ := out["headers"].(map[string]any); err != nil || headers["location"] != "/cleaned" {
		t.Errorf("not followed: %v, %v; want the cleaned address", headers, err)
	}
	_, err = Get.Call(context.Background(), env, schema.Values{"url": s.URL, "redirects": 1})
	if headers, _ := cards.ErrorOf(err).Details["headers"].(map[string]any); err == nil || headers["location"] != "/cleaned" {
		t.Errorf("too many: %v, %v; want the cleaned address", headers, err)
	}
}
