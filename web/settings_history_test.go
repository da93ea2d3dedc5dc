package web

import (
	"net/http"
	"testing"

	"flowdeck/flows/store"
)

func TestOwnersLimitTheHistory(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	w.want("signed out", w.call("POST", "/settings/history", "bytes=100"), http.StatusUnauthorized, "")
	w.signIn()
	ask := func(form string) reply {
		return w.send(w.browser, "POST", "/settings/history", form, "Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true")
	}
	w.want("too small", ask("bytes=5&days=&failed_times=3"), http.StatusUnprocessableEntity, "Must be 20 MB or more")
	w.want("no number", ask("bytes=100&days=soon&failed_times=3"), http.StatusUnprocessableEntity, "Must be a whole number, or nothing")
	w.want("too long", ask("bytes=100&days=99999&failed_times=3"), http.StatusUnprocessableEntity, "whole number of days up to 3650")
	if got := w.s.Store.Kept(); got != (store.Keep{FailedTimes: 1}) {
		t.Errorf("after forms with problems: %+v, want what was before", got)
	}
	w.want("good", ask("bytes=100&days=7&failed_times=2"), http.StatusOK, "of 100 MB taken")
	if got := w.s.Store.Kept(); got != (store.Keep{Bytes: 100 << 20, Days: 7, FailedTimes: 2}) {
		t.Errorf("what was set: %+v", got)
	}
	w.want("no limit", ask("bytes=&days=&failed_times=1"), http.StatusOK, "Nothing so far")
	if got := w.s.Store.Kept(); got != (store.Keep{FailedTimes: 1}) {
		t.Errorf("without limits: %+v", got)
	}
}
