package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestAPointerNamesTheKeyAsItIs(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(w)
	f := w.publish("pointed", public, endpointDoc(nil))
	got := c.expect(http.StatusUnprocessableEntity, nil, "PATCH", "/flows/"+f.ID, `{"a.b/c": 1}`)
	if !strings.Contains(got.body, `"pointer":"/a.b~1c"`) {
		t.Errorf("the key a.b/c is at %s", got.body)
	}
	got = c.expect(http.StatusUnprocessableEntity, nil, "PUT", "/flows/"+f.ID+"/draft", `{"format":1,"trigger":{"id":"a","card":"event.manual","x.y":1},"chain":[]}`, "If-Match", "*")
	if !strings.Contains(got.body, `"pointer":"/trigger/x.y"`) {
		t.Errorf("the key x.y is at %s", got.body)
	}
}
