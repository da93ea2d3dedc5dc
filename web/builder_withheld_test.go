package web

import (
	"strings"
	"testing"
)

// TestAnInputThatIsAlwaysMissingIsWarnedOf: calls that bring it were refused as lacking it.
func TestAnInputThatIsAlwaysMissingIsWarnedOf(t *testing.T) {
	w := newWorld(t, echoUpstream)
	w.signIn()
	f := w.publish("signed", public, endpointDoc([]any{input("authorization", "text", "header", true), input("x_id", "text", "header", true)}))
	w.has("/flows/"+f.ID, "authorization is always missing")
	if strings.Contains(w.page("/flows/"+f.ID).body, "x_id is always missing") {
		t.Error("a header that flows are given is warned of, too")
	}
}
