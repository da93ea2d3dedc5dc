package event

import (
	"testing"

	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), Endpoint, Webhook, Schedule, Manual, Helper)
}

// TestWhatSignsACallerInIsADoubtfulInput: no flow is given it, so that every call lacks it.
func TestWhatSignsACallerInIsADoubtfulInput(t *testing.T) {
	for _, c := range []struct {
		name, from string
		doubtful   bool
	}{
		{"authorization", "header", true}, {"Proxy_Authorization", "header", true}, {"cookie", "header", true}, {"x_api_client_token", "header", true}, {"clientToken", "query", true},
		{"authorization", "query", false}, {"cookie", "body", false}, {"cookie", "", false}, {"x_signature", "header", false},
	} {
		doubts := Endpoint.Warn(schema.Values{"inputs": []any{schema.Values{"name": "id"}, schema.Values{"name": c.name, "from": c.from}}})
		if doubtful := len(doubts) == 1 && doubts[0].Field == "inputs.1"; doubtful != c.doubtful || len(doubts) > 1 {
			t.Errorf("the input %s of %s: %v, want it doubtful: %v", c.name, c.from, doubts, c.doubtful)
		}
	}
}
