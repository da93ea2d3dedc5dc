package web

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// Of several who replace the draft that they have seen, one does; whoever replaces whatever
// there is always does.
func TestADraftIsReplacedByOneOfThoseWhoHaveSeenIt(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	f := w.publish("raced", public, endpointDoc(nil))
	at := apiPrefix + "/flows/" + f.ID + "/draft"
	replace := func(match, round string) map[int]int {
		var lock sync.Mutex
		var all sync.WaitGroup
		got := map[int]int{}
		for i := range 12 {
			all.Go(func() {
				body := fmt.Sprintf(`{"format":1,"trigger":{"id":"a","card":"event.manual","title":"T%d %s"},"chain":[]}`, i, round)
				status := w.call("PUT", at, body, "Authorization", "Bearer "+c.token, "Content-Type", "application/json", "If-Match", match).status
				lock.Lock()
				defer lock.Unlock()
				got[status]++
			})
		}
		all.Wait()
		return got
	}
	for i := range 5 {
		tag := c.expect(http.StatusOK, nil, "GET", "/flows/"+f.ID+"/draft", "").header.Get("ETag")
		if got := replace(tag, fmt.Sprint("seen ", i)); got[http.StatusOK] != 1 || got[http.StatusPreconditionFailed] != 11 {
			t.Errorf("those who have seen the same draft got %v, want one 200 and 412", got)
		}
		if got := replace("*", fmt.Sprint("any ", i)); got[http.StatusOK] != 12 {
			t.Errorf("those who replace whatever there is got %v, want 200", got)
		}
	}
}
