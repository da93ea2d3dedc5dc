package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"flowdeck/cards/all"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/bundle"
	"flowdeck/flows/flowtest"
	"flowdeck/flows/store"
)

// testSettings run the tests of flows, without a server and without a network.
type testSettings struct {
	storageSettings `embed:""`
	Flows           []string `arg:"" optional:"" help:"Ids, aliases or names of flows. None: all that have tests."`
	From            string   `placeholder:"FOLDER" type:"path" help:"Test what an export holds instead of what the data folder holds."`
	Live            bool     `help:"Test what is live instead of the drafts."`
	JSON            bool     `name:"json" help:"Print the results as JSON."`
	JUnit           string   `name:"junit" placeholder:"FILE" help:"Write the results as JUnit XML too."`
}

// tested is how one test went.
type tested struct {
	Flow   string          `json:"flow"`
	Alias  string          `json:"alias"`
	Test   string          `json:"test"`
	Result flowtest.Result `json:"result"`
}

func (s testSettings) run(ctx context.Context, to streams) error {
	with := s.with
	if s.From != "" {
		with, s.Live = s.withFolder, false
	}
	return with(ctx, to, func(st *store.Store) error {
		results, err := s.testAll(ctx, st)
		if err != nil {
			return err
		}
		return s.tell(to, results)
	})
}

// withFolder does something with a database of its own that holds what was exported.
func (s testSettings) withFolder(ctx context.Context, to streams, do func(*store.Store) error) error {
	dir, err := os.MkdirTemp("", "flowdeck-test-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s.Data, s.Database = dir, ""
	st, err := s.open(ctx, s.logger(to), 0)
	if err != nil {
		return err
	}
	if err = importFolder(ctx, st, s.From); err == nil {
		err = do(st)
	}
	return errors.Join(err, st.Close())
}

// importFolder reads an export into an empty store.
func importFolder(ctx context.Context, st *store.Store, dir string) error {
	var files []bundle.File
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files = append(files, bundle.File{Path: filepath.ToSlash(name), Text: text})
		return err
	})
	if err != nil {
		return err
	}
	vault, err := connectors.NewVault([]byte(strings.Repeat("t", 32))) // nothing that is sealed with it outlives the test
	if err != nil {
		return err
	}
	b := &bundle.Bundle{Store: st, Vault: vault, Types: connectors.AllTypes(), Cards: all.Registry(), Now: time.Now}
	_, err = b.Import(ctx, files, bundle.Options{By: store.User{Name: "flowdeck test"}})
	return err
}

func (s testSettings) testAll(ctx context.Context, st *store.Store) (results []tested, err error) {
	registry, left := all.Registry(), slices.Clone(s.Flows)
	var list []flows.Flow
	if err := st.EachFlow(ctx, func(f flows.Flow) error {
		named := func(name string) bool { return name == f.ID || name == f.Alias || name == f.Name }
		if len(s.Flows) == 0 || slices.ContainsFunc(s.Flows, named) {
			list = append(list, f)
			left = slices.DeleteFunc(left, named)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if len(left) > 0 {
		return nil, fmt.Errorf("there is no flow with the id, alias or name %q", left[0])
	}
	for _, f := range list {
		tests, err := st.FlowTests(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		doc := f.Draft
		if s.Live && len(tests) > 0 {
			if f.Version == 0 {
				continue
			}
			v, err := st.Version(ctx, f.ID, f.Version)
			if err != nil {
				return nil, err
			}
			doc = v.Document
		}
		for _, t := range tests {
			results = append(results, tested{f.Name, f.Alias, t.Name, flowtest.Try(ctx, f, doc, registry, t.Body)})
		}
	}
	return results, nil
}

// errTests is why the command fails when tests do.
var errTests = errors.New("failed")

func (s testSettings) tell(to streams, results []tested) error {
	failed := 0
	for _, r := range results {
		if !r.Result.Passed {
			failed++
		}
	}
	if s.JUnit != "" {
		if err := writeJUnit(s.JUnit, results); err != nil {
			return err
		}
	}
	if s.JSON {
		enc := json.NewEncoder(to.out)
		enc.SetIndent("", "  ")
		if err := enc.Encode(map[string]any{"passed": len(results) - failed, "failed": failed, "tests": results}); err != nil {
			return err
		}
	} else {
		sayResults(to.out, results, failed)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d tests %w", failed, len(results), errTests)
	}
	return nil
}
