package main

import (
	"context"
	"fmt"
	"path/filepath"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// modes are how runs of a flow are kept: see flows.Settings.Mode.
var modes = []string{"express", "standard"}

// alias is where the flow of a scenario answers.
func (s scenario) alias(mode string) string { return s.name + "-" + mode }

// prepare stores a published flow for each scenario and mode in the data folder.
func prepare(ctx context.Context, data, url string, list []scenario) error {
	db, err := store.Open(ctx, filepath.Join(data, "flowdeck.db"), store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	for _, s := range list {
		for _, mode := range modes {
			if err := publish(ctx, db, s, mode, url); err != nil {
				return fmt.Errorf("flow for %s, %s: %w", s.name, mode, err)
			}
		}
	}
	return nil
}

func publish(ctx context.Context, db *store.Store, s scenario, mode, url string) error {
	alias := s.alias(mode)
	flow := flows.Flow{ID: store.NewID("f_"), Name: alias, Alias: alias, Draft: s.document(url)}
	if err := db.CreateFlow(ctx, flow); err != nil {
		return err
	}
	stored, err := db.Flow(ctx, flow.ID)
	if err != nil {
		return err
	}
	if _, err := db.Publish(ctx, flow.ID, stored.Revision, stored.Draft, "bench", "bench"); err != nil {
		return err
	}
	return db.UpdateFlow(ctx, flow.ID, func(f *flows.Flow) error {
		f.On, f.Settings.Security, f.Settings.Mode = true, "public", mode
		return nil
	})
}
