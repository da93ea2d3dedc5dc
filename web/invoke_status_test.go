package web

import (
	"fmt"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

func TestAnAnswerInJSONIsAValueWhereItIsAskedFor(t *testing.T) {
	w := newWorld(t, nil)
	for i, x := range []struct {
		inputs schema.Values
		want   string
	}{
		{schema.Values{"body": "{{ 'ok' }}"}, `"body":"ok"`},
		{schema.Values{"body": "{{ 7 }}"}, `"body":7`},
		{schema.Values{"body": `{"a":[1,2]}`}, `"body":{"a":[1,2]}`},
		{schema.Values{"body_type": "text", "body": `"quoted"`}, `"body":"\"quoted\""`},
	} {
		alias := fmt.Sprintf("answers%d", i)
		x.inputs["status_code"] = 200
		w.publish(alias, flows.Settings{Security: "public"}, endpointDoc(nil, step("close", "http.close", x.inputs)))
		got := w.call("POST", "/api/flows/"+alias+"/invoke", "")
		w.want("the call", got, 200, "")
		w.want(fmt.Sprintf("the answer of %v", x.inputs), w.call("GET", "/api/runs/"+got.header.Get("X-Flowdeck-Run"), ""), 200, x.want)
	}
}
