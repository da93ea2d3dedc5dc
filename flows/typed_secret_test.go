package flows_test

import (
	"errors"
	"strings"
	"testing"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/flows"
)

func TestSecretsCannotBeTypedIntoAFlow(t *testing.T) {
	reg := all.Registry()
	for _, c := range []struct {
		key     any
		allowed bool
	}{
		{"{{get.body.key}}", true}, {" {{ get.body.key }} ", true}, {"", true}, {nil, true},
		{"s3cret", false}, {"Bearer {{get.body.key}}", false}, {`{{ "s3cret" }}`, false}, {`{{ get.body.key ?? "s3cret" }}`, false}, {int64(7), false},
	} {
		doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"},
			Chain: []flows.Step{{ID: "get", Card: "http.get", Inputs: schema.Values{"url": "https://vault.example/key"}},
				{ID: "hmac", Card: "crypto.hmac", Inputs: schema.Values{"data": "x"}}}}
		_, _, _, err := doc.Apply(flows.Edit{Op: flows.OpSet, Step: "hmac", Field: "key", Value: c.key}, reg)
		var problems schema.Problems
		if refused := errors.As(err, &problems); refused == c.allowed || refused && (problems[0].Field != "key" || strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("typing %v gives %v, want allowed %v", c.key, err, c.allowed)
		}
		doc.Chain[1].Inputs["key"] = c.key
		_, err = flows.Compile(doc, reg)
		if refused := err != nil && strings.Contains(err.Error(), "cannot be typed"); refused == c.allowed {
			t.Errorf("a flow with %v compiles with %v, want allowed %v", c.key, err, c.allowed)
		}
	}
}
