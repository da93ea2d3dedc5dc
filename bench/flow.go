package main

import (
	"context"
	"fmt"
	"path/filepath"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// alias is where the flow answers.
const alias = "bench"

// prepare stores a published flow in the data folder: API Endpoint, Get, Close.
func prepare(ctx context.Context, data, url string) error {
	db, err := store.Open(ctx, filepath.Join(data, "flowdeck.db"), store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	flow := flows.Flow{ID: store.NewID("f_"), Name: "Bench", Alias: alias, Draft: document(url), Settings: flows.Settings{Security: "public"}}
	if err := db.CreateFlow(ctx, flow); err != nil {
		return fmt.Errorf("create the flow: %w", err)
	}
	stored, err := db.Flow(ctx, flow.ID)
	if err != nil {
		return err
	}
	if _, err := db.Publish(ctx, flow.ID, stored.Revision, stored.Draft, "bench", "bench"); err != nil {
		return fmt.Errorf("publish the flow: %w", err)
	}
	return db.UpdateFlow(ctx, flow.ID, func(f *flows.Flow) error {
		f.On, f.Settings.Security = true, "public"
		return nil
	})
}

func document(url string) flows.Document {
	return flows.Document{
		Format:  flows.Format,
		Trigger: flows.Step{ID: "call", Card: "event.endpoint"},
		Chain: []flows.Step{
			{ID: "get", Card: "http.get", Inputs: schema.Values{"url": url}},
			{ID: "reply", Card: "http.close", Inputs: schema.Values{"status_code": int64(200), "body": "{{get.body}}"}},
		},
	}
}
