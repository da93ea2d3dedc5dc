package web

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// Who changes the name of a connection leaves its description alone, also when somebody
// changes that at the same time; and of several who have seen the same one, one changes it.
func TestChangesOfAConnectionAtOneTimeAreAllKept(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	var made apiConnection
	tag := c.expect(http.StatusCreated, &made, "POST", "/connections", `{"name": "CRM", "type": "basic", "test_url": "https://crm.example.com/me", "settings": {"username": "u", "password": "p"}}`).header.Get("ETag")
	change := func(body string, header ...string) reply {
		return w.call("PATCH", apiPrefix+"/connections/"+made.ID, body, append([]string{"Authorization", "Bearer " + c.token, "Content-Type", "application/json"}, header...)...)
	}
	var seen atomic.Int64
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if got := change(fmt.Sprintf(`{"description": "seen %d"}`, i), "If-Match", tag); got.status == http.StatusOK {
				seen.Add(1)
			} else if got.status != http.StatusPreconditionFailed {
				t.Errorf("a change of what was seen: %d %s", got.status, got.body)
			}
		})
	}
	all.Wait()
	if seen.Load() != 1 {
		t.Errorf("%d changed what all had seen, want 1", seen.Load())
	}
	for i := range 20 {
		for _, body := range []string{`{"name": "N%d"}`, `{"description": "D%d"}`, `{"settings": {"username": "U%d"}}`, `{"test_url": "https://crm.example.com/%d"}`} {
			all.Go(func() {
				if got := change(fmt.Sprintf(body, i)); got.status != http.StatusOK {
					t.Errorf("%s: %d %s", body, got.status, got.body)
				}
			})
		}
		all.Wait()
		var now apiConnection
		c.expect(http.StatusOK, &now, "GET", "/connections/"+made.ID, "")
		if got, want := fmt.Sprint(now.Name, now.Description, now.Settings["username"], now.TestURL), fmt.Sprintf("N%dD%dU%dhttps://crm.example.com/%d", i, i, i, i); got != want {
			t.Fatalf("after four changes it is %s, want %s", got, want)
		}
	}
}
