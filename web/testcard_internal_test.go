package web

import (
	"fmt"
	"strings"
	"testing"
)

func TestTypedReferencesMakeOnlySoManyLists(t *testing.T) {
	var list []typedValue
	for i := range 20 {
		list = append(list, typedValue{ref: fmt.Sprintf("a%02d.b%s", i, strings.Repeat("[0]", 300)), value: "x"})
	}
	if got := len(nested(list)); got != 3 {
		t.Errorf("20 references with 300 lists each make %d values, want the 3 that have room", got)
	}
	got := nested([]typedValue{{ref: "get.body.items[2].id", value: "x"}})
	body := got["get"].(map[string]any)["body"].(map[string]any)
	if items := body["items"].([]any); items[2].(map[string]any)["id"] != "x" {
		t.Errorf("get.body.items[2] = %v, want the value typed for it", items[2])
	}
}
