package main

import (
	"fmt"
	"strings"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// scenario is something that a flow does for a caller, and a handler by hand.
type scenario struct {
	name  string
	about string
	calls int      // of the upstream service, one after the other
	slow  bool     // the service takes 20 ms
	chain chainFor // cards between the endpoint and the answer
}

type chainFor func(url string) (steps []flows.Step, answer string)

// scenarios returns those that there are, by the order in which they are measured.
func scenarios() []scenario {
	return []scenario{
		{"one", "one call of a service", 1, false, calls(1)},
		{"three", "three calls, one after the other", 3, false, calls(3)},
		{"ten", "ten calls, one after the other", 10, false, calls(10)},
		{"slow", "one call of a service that takes 20 ms", 1, true, calls(1)},
		{"data", "50 data cards and no call", 0, false, dataCards},
		{"each", "For Each over 1,000 items, one data card in each", 0, false, eachItem},
	}
}

// chosen are the scenarios of these names, separated by commas.
func chosen(names string) (list []scenario, err error) {
	for _, name := range strings.Split(names, ",") {
		found := false
		for _, s := range scenarios() {
			if s.name == strings.TrimSpace(name) {
				list, found = append(list, s), true
			}
		}
		if !found {
			return nil, fmt.Errorf("-scenarios %q: there is no %q", names, name)
		}
	}
	return list, nil
}

func calls(n int) chainFor {
	return func(url string) (steps []flows.Step, answer string) {
		for i := range n {
			steps = append(steps, flows.Step{ID: fmt.Sprintf("get_%d", i+1), Card: "http.get", Inputs: schema.Values{"url": url}})
		}
		return steps, fmt.Sprintf("{{get_%d.body}}", n)
	}
}

func dataCards(string) (steps []flows.Step, answer string) {
	before := "{{call.method}}"
	for i := range 50 {
		id := fmt.Sprintf("text_%d", i+1)
		steps = append(steps, flows.Step{ID: id, Card: "text.compose", Inputs: schema.Values{"text": before}})
		before = "{{" + id + ".text}}"
	}
	return steps, before
}

func eachItem(string) (steps []flows.Step, answer string) {
	return []flows.Step{{ID: "loop", Card: "control.each", Inputs: schema.Values{"items": "{{1..1000}}"}, Blocks: map[string]flows.Block{
		"each": {Chain: []flows.Step{{ID: "text", Card: "text.compose", Inputs: schema.Values{"text": "{{loop.item}}"}}}},
	}}}, "{{loop.count}}"
}

func (s scenario) document(url string) flows.Document {
	if s.slow {
		url += "/slow"
	}
	steps, answer := s.chain(url)
	return flows.Document{
		Format:  flows.Format,
		Trigger: flows.Step{ID: "call", Card: "event.endpoint"},
		Chain:   append(steps, flows.Step{ID: "reply", Card: "http.close", Inputs: schema.Values{"status_code": int64(200), "body": answer}}),
	}
}
