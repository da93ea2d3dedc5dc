package enginetest

import (
	"context"
	"slices"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/control"
	"flowdeck/cards/event"
	"flowdeck/cards/httpcard"
	"flowdeck/cards/schema"
	"flowdeck/cards/table"
	"flowdeck/cards/text"
	"flowdeck/flows"
)

// Cards is what the flows of the suite are made of.
var Cards = cards.NewRegistry(event.Endpoint, httpcard.Get, httpcard.Post, httpcard.Put, httpcard.Close, control.If, control.IfElseIf, control.Each, control.Repeat, control.Parallel, control.Try,
	control.ContinueIf, control.ReturnError, control.Return,
	control.Wait, control.Callback, control.Call, control.Start, event.Helper, text.Compose, panics, deaf,
	table.CreateRow, table.UpsertRow, table.UpdateRow, table.DeleteRow, table.DeleteRows, table.ImportCSV, table.CountRows)

// panics is a card with a mistake in it.
var panics = cards.NewFunction(cards.Spec{Name: "test.panic", Title: "Panic", Summary: "Panics."},
	func(context.Context, cards.Env, struct{}) (struct{}, error) { panic("a mistake in this card") })

// deaf is a card that takes its time whatever happens to its run, like one that computes.
var deaf = cards.NewFunction(cards.Spec{Name: "test.deaf", Title: "Deaf", Summary: "Takes four seconds."},
	func(context.Context, cards.Env, struct{}) (struct{}, error) {
		time.Sleep(4 * time.Second)
		return struct{}{}, nil
	})

// Document is a flow that is called with one input, what.
func Document(chain ...flows.Step) flows.Document {
	return flows.Document{Format: flows.Format, Chain: chain, Trigger: flows.Step{ID: "start", Card: "event.endpoint",
		Inputs: schema.Values{"inputs": []any{map[string]any{"name": "what", "type": "text", "from": "query"}}}}}
}

func get(id, url string) flows.Step {
	return flows.Step{ID: id, Card: "http.get", Inputs: schema.Values{"url": url}}
}

func post(id, url string) flows.Step {
	return flows.Step{ID: id, Card: "http.post", Inputs: schema.Values{"url": url, "body": `{"what":"{{start.what}}"}`}}
}

func put(id, url string) flows.Step {
	s := post(id, url)
	s.Card = "http.put"
	return s
}

func compose(id, text string) flows.Step {
	return flows.Step{ID: id, Card: "text.compose", Inputs: schema.Values{"text": text}}
}

func reply(id, body string) flows.Step {
	return flows.Step{ID: id, Card: "http.close", Inputs: schema.Values{"status_code": int64(201), "body_type": "text", "body": body}}
}

func returns(id string, values schema.Values) flows.Step {
	return flows.Step{ID: id, Card: "control.return", Inputs: schema.Values{"values": values}}
}

// choose is If what is orders: then, else.
func choose(id, is string, then, other []flows.Step) flows.Step {
	return flows.Step{ID: id, Card: "control.if", Inputs: schema.Values{"match": "all", "conditions": []any{
		map[string]any{"left": "{{start.what}}", "operator": "equals", "right": is}}},
		Blocks: map[string]flows.Block{"then": {Chain: then}, "else": {Chain: other}}}
}

// retried gives the step a retry rule.
func retried(s flows.Step, attempts int, interval time.Duration, match ...string) flows.Step {
	s.Policy.Retry = []flows.Retry{{Match: match, Attempts: attempts, Interval: flows.Duration{Duration: interval}, Backoff: 2}}
	return s
}

func within(s flows.Step, d time.Duration) flows.Step {
	s.Policy.Timeout = flows.Duration{Duration: d}
	return s
}

func goesOn(s flows.Step) flows.Step {
	s.Policy.OnError = "continue"
	return s
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
