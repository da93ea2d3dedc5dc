package connectors

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"flowdeck/cards"
)

// A token endpoint that asks for a pause gets it, and a card that retries waits for that.
func TestATokenEndpointIsGivenThePauseThatItAsksFor(t *testing.T) {
	for _, x := range []struct {
		status int
		header string
		pause  time.Duration // that is kept to
	}{
		{429, "90", 90 * time.Second},
		{503, "90", 90 * time.Second},
		{429, time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat), 88 * time.Second},
		{429, "31536000", time.Hour},
		{429, "soon", 5 * time.Second},
		{500, "90", 5 * time.Second},
	} {
		b, s := newBench(t), newTokenServer(t)
		id := signedIn(b, s, 0)
		s.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", x.header)
			w.WriteHeader(x.status)
			fmt.Fprint(w, `{"error":"too_many_requests"}`)
		}
		_, _, err := b.get(id, s.URL+"/api")
		e := cards.ErrorOf(err)
		if e == nil || e.Code != "sign_in" || !e.Retryable || e.After < x.pause-time.Second || e.After > x.pause+2*time.Second {
			t.Errorf("%d %s: %+v, want it to be worth a retry in %s", x.status, x.header, e, x.pause)
			continue
		}
		b.sleep(x.pause - 2*time.Second)
		if _, _, err = b.get(id, s.URL+"/api"); err == nil || s.tokenCalls() != 1 {
			t.Errorf("%d %s: %v, the endpoint was asked %d times within the pause", x.status, x.header, err, s.tokenCalls())
		}
		if e := cards.ErrorOf(err); e.After > 5*time.Second {
			t.Errorf("%d %s: near the end of the pause it is said to last %s", x.status, x.header, e.After)
		}
		b.sleep(5 * time.Second)
		if _, _, err = b.get(id, s.URL+"/api"); err == nil || s.tokenCalls() != 2 {
			t.Errorf("%d %s: %v, the endpoint was asked %d times after the pause, want 2", x.status, x.header, err, s.tokenCalls())
		}
	}
}

func TestASignInThatWasRefusedIsNotWorthARetry(t *testing.T) {
	b, s := newBench(t), newTokenServer(t)
	id := signedIn(b, s, 0)
	s.refresh = "another"
	_, _, err := b.get(id, s.URL+"/api")
	var refused *SignInError
	if e := cards.ErrorOf(err); !errors.As(err, &refused) || e.Code != "sign_in" || e.Retryable || e.After != 0 {
		t.Errorf("got %+v, want no retry", e)
	}
}
