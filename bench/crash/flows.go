package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// The aliases of the flows, and what a caller of each is promised.
const (
	orders = "orders" // waited for: reads, writes, answers, then writes again
	loops  = "loops"  // answers 202 at once, then loops over items
	later  = "later"  // takes longer than its caller waits
	parent = "parent" // calls another flow twice: waits for one, leaves the other alone
	manual = "manual" // begun by the API, with an Idempotency-Key
	child  = "child"
	quick  = "quick" // express: answered before it is kept, and never taken up again
)

// prepare stores published flows in the data folder, and somebody with an API token.
func prepare(ctx context.Context, folder, world string) (token string, err error) {
	db, err := store.Open(ctx, filepath.Join(folder, "flowdeck.db"), store.Options{Blobs: filepath.Join(folder, "blobs")})
	if err != nil {
		return "", err
	}
	defer db.Close()
	called, err := publish(ctx, db, child, childFlow(world), flows.Settings{})
	if err != nil {
		return "", err
	}
	for alias, doc := range map[string]flows.Document{orders: ordersFlow(world), loops: loopsFlow(world), parent: parentFlow(world, called), manual: manualFlow(world)} {
		if _, err := publish(ctx, db, alias, doc, flows.Settings{}); err != nil {
			return "", err
		}
	}
	if _, err := publish(ctx, db, quick, quickFlow(world), flows.Settings{Mode: "express"}); err != nil {
		return "", err
	}
	if _, err := publish(ctx, db, later, laterFlow(world), flows.Settings{ResponseTimeout: flows.Duration{Duration: time.Second}}); err != nil {
		return "", err
	}
	user, err := db.CreateUser(ctx, store.User{ID: store.NewID("u_"), Name: "Crash", Email: "crash@example.com"})
	if err != nil {
		return "", err
	}
	token = "fdp_" + rand.Text()
	sum := sha256.Sum256([]byte(token))
	return token, db.CreateAPIToken(ctx, store.APIToken{ID: store.NewID("pt_"), Hash: hex.EncodeToString(sum[:]), User: user, Name: "crash",
		Scopes: []string{"runs:read", "runs:write"}})
}

func publish(ctx context.Context, db *store.Store, alias string, doc flows.Document, set flows.Settings) (id string, err error) {
	flow := flows.Flow{ID: "f_" + alias, Name: alias, Alias: alias, Draft: doc}
	if err := db.CreateFlow(ctx, flow); err != nil {
		return "", fmt.Errorf("create flow %s: %w", alias, err)
	}
	stored, err := db.Flow(ctx, flow.ID)
	if err != nil {
		return "", err
	}
	if _, err := db.Publish(ctx, flow.ID, stored.Revision, stored.Draft, "crash", "crash"); err != nil {
		return "", fmt.Errorf("publish flow %s: %w", alias, err)
	}
	return flow.ID, db.UpdateFlow(ctx, flow.ID, func(f *flows.Flow) error {
		set.Security = "public"
		f.On, f.Settings = true, set
		return nil
	})
}

// began is the trigger of a flow that is told which call began it.
func began(card string) flows.Step {
	input := map[string]any{"name": "call", "type": "text"}
	if card == "event.endpoint" {
		input["from"] = "query"
	}
	return flows.Step{ID: "start", Card: card, Inputs: schema.Values{"inputs": []any{input}}}
}

// card is a step that asks the world by its place: the path of the step in a run.
func card(world, name, path string) flows.Step {
	return flows.Step{ID: idOf(path), Card: name, Inputs: schema.Values{"url": world + "/{{ run.id }}?at=" + path}}
}

func idOf(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return path[i+1:]
		}
	}
	return path
}

func get(world, path string) flows.Step {
	s := card(world, "http.get", path)
	s.Policy.Retry = []flows.Retry{{Match: []string{"http_5xx"}, Attempts: 3, Interval: flows.Duration{Duration: 20 * time.Millisecond}}}
	return s
}

// post fails with unknown_outcome when a crash hid whether it took effect.
func post(world, path string) flows.Step {
	s := card(world, "http.post", path)
	s.Inputs["body"] = map[string]any{"call": "{{ start.call }}"}
	return s
}

// repost is sent again then, with the same Idempotency-Key.
func repost(world, path string) flows.Step {
	s := post(world, path)
	s.Policy.InDoubt = "repeat"
	return s
}

func put(world, path string) flows.Step {
	s := card(world, "http.put", path)
	s.Inputs["body"] = map[string]any{"call": "{{ start.call }}"}
	return s
}

func text(id string) flows.Step {
	return flows.Step{ID: id, Card: "text.compose", Inputs: schema.Values{"text": "{{ run.id }} {{ start.call }}"}}
}

// reply answers with what the caller can check: whose run it was, and for which call.
func reply(status int64) flows.Step {
	return flows.Step{ID: "reply", Card: "http.close", Inputs: schema.Values{"status_code": status,
		"body": map[string]any{"run": "{{ run.id }}", "call": "{{ start.call }}"}}}
}

func pause(id string, seconds float64) flows.Step {
	return flows.Step{ID: id, Card: "control.wait", Inputs: schema.Values{"amount": seconds, "unit": "seconds"}}
}

func document(trigger string, chain ...flows.Step) flows.Document {
	return flows.Document{Format: flows.Format, Trigger: began(trigger), Chain: chain}
}

func ordersFlow(world string) flows.Document {
	return document("event.endpoint", get(world, "read"), text("note"), post(world, "create"), put(world, "set"), repost(world, "tell"),
		reply(201), get(world, "after"), post(world, "last"))
}

// express begins the steps of the express flow, so that a request tells whose it is when
// its run was never kept.
const express = "q_"

func quickFlow(world string) flows.Document {
	return document("event.endpoint", get(world, express+"read"), text("note"), post(world, express+"create"), reply(201), put(world, express+"set"), post(world, express+"last"))
}

func loopsFlow(world string) flows.Document {
	loop := flows.Step{ID: "each", Card: "control.each", Inputs: schema.Values{"items": []any{"a", "b", "c", "d", "e", "f"}, "concurrency": int64(3)},
		Blocks: map[string]flows.Block{"each": {Chain: []flows.Step{get(world, "each[{{ each.index }}]/item"), text("line"), repost(world, "each[{{ each.index }}]/send")}}}}
	return document("event.endpoint", reply(202), loop, post(world, "done"))
}

func laterFlow(world string) flows.Document {
	return document("event.endpoint", get(world, "read"), pause("short", 0.3), post(world, "create"), pause("long", 2.2), repost(world, "tell"),
		flows.Step{ID: "out", Card: "control.return", Inputs: schema.Values{"values": schema.Values{"run": "{{ run.id }}", "call": "{{ start.call }}"}}})
}

func parentFlow(world, called string) flows.Document {
	with := schema.Values{"call": "{{ start.call }}"}
	return document("event.endpoint", put(world, "set"),
		flows.Step{ID: "background", Card: "control.call_background", Inputs: schema.Values{"flow": called, "with": with}},
		flows.Step{ID: "ask", Card: "control.call", Inputs: schema.Values{"flow": called, "with": with}},
		repost(world, "tell"), reply(200))
}

func childFlow(world string) flows.Document {
	return document("event.helper", get(world, "read"), repost(world, "write"),
		flows.Step{ID: "out", Card: "control.return", Inputs: schema.Values{"values": schema.Values{"done": "{{ write.body.run }}"}}})
}

func manualFlow(world string) flows.Document {
	return document("event.manual", post(world, "create"), text("note"), get(world, "read"), repost(world, "tell"))
}
