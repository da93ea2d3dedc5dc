package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// mode is how runs of a flow are kept.
type mode struct {
	name, about   string
	mode, history string // see flows.Settings
}

// modes are those that are measured: of runs that succeed an outline is kept, with bodies
// everything, or of one a second an outline.
var modes = []mode{
	{"express-sample", "express, a sample kept", "express", "sample"},
	{"express", "express", "express", "outline"},
	{"express-bodies", "express, bodies kept", "express", "full"},
	{"standard", "standard", "standard", "outline"},
	{"standard-bodies", "standard, bodies kept", "standard", "full"},
}

// alias is where the flow of a scenario answers.
func (s scenario) alias(m mode) string { return s.name + "-" + m.name }

// chosenModes are the modes of these names, separated by commas.
func chosenModes(names string) (list []mode, err error) {
	for _, name := range strings.Split(names, ",") {
		i := slices.IndexFunc(modes, func(m mode) bool { return m.name == strings.TrimSpace(name) })
		if i < 0 {
			return nil, fmt.Errorf("-modes %q: there is no %q", names, name)
		}
		list = append(list, modes[i])
	}
	return list, nil
}

// prepare stores a published flow for each scenario and mode in the data folder.
func prepare(ctx context.Context, data, url string, list []scenario, kept []mode) error {
	db, err := store.Open(ctx, filepath.Join(data, "flowdeck.db"), store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	for _, s := range list {
		for _, mode := range kept {
			if err := publish(ctx, db, s, mode, url); err != nil {
				return fmt.Errorf("flow for %s, %s: %w", s.name, mode.name, err)
			}
		}
	}
	return nil
}

func publish(ctx context.Context, db *store.Store, s scenario, m mode, url string) error {
	alias := s.alias(m)
	if of, err := db.FlowByAlias(ctx, alias); err == nil { // of a measurement before this one
		if err := db.DeleteFlow(ctx, of.FlowID); err != nil {
			return err
		}
	}
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
		f.On, f.Settings.Security, f.Settings.Mode, f.Settings.History = true, "public", m.mode, m.history
		return nil
	})
}
