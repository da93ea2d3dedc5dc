package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/bundle"
	"flowdeck/flows/store"
)

func TestFlowsAreTestedFromADataFolderAndFromAnExport(t *testing.T) {
	ctx, dir, out := context.Background(), t.TempDir(), filepath.Join(t.TempDir(), "exported")
	keeping(t, dir, func(st *store.Store) {
		doc := flows.Document{Format: flows.Format, Trigger: flows.Step{ID: "start", Card: "event.manual"}, Chain: []flows.Step{
			{ID: "get", Card: "http.get", Inputs: schema.Values{"url": "https://api.test/a"}}, {ID: "out", Card: "control.return", Inputs: schema.Values{"values": schema.Values{"n": "{{ get.body.n }}"}}}}}
		if err := st.CreateFlow(ctx, flows.Flow{ID: "f_1", Name: "Orders", Alias: "orders", Draft: doc}); err != nil {
			t.Fatal(err)
		}
		const body = `{"event":{},"started":"2026-01-01T00:00:00Z","exchanges":[{"method":"GET","url":"https://api.test/a","status":200,"response_headers":[["Content-Type","application/json"]],"response_body":"{\"n\":7}"}],"expect":[{"value":"output.n","operator":"equals","with":`
		for i, want := range []string{"7", "8"} {
			if err := st.CreateFlowTest(ctx, store.FlowTest{ID: "t_" + want, FlowID: "f_1", Name: "Gives " + want, Created: time.Unix(int64(i), 0), Body: body + want + "}]}"}); err != nil {
				t.Fatal(err)
			}
		}
		vault, err := connectors.NewVault(bytes.Repeat([]byte("k"), 32))
		if err != nil {
			t.Fatal(err)
		}
		b := bundle.Bundle{Store: st, Vault: vault, Types: connectors.AllTypes(), Cards: all.Registry(), Now: time.Now}
		files, err := b.Export(ctx, bundle.Selection{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			path := filepath.Join(out, filepath.FromSlash(f.Path))
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, f.Text, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	})
	junit := filepath.Join(dir, "junit.xml")
	for _, args := range [][]string{{"test", "--data", dir, "--junit", junit}, {"test", "--data", dir, "orders"}, {"test", "--from", out}, {"test", "--data", dir, "--json"}} {
		var said bytes.Buffer
		err := run(ctx, args, streams{strings.NewReader(""), &said, &said})
		if err == nil || err.Error() != "1 of 2 tests failed" {
			t.Errorf("%q = %v, want one failure\n%s", args, err, said.String())
		}
		for _, part := range []string{"Gives 7", "output.n equals", "8"} {
			if !strings.Contains(said.String(), part) {
				t.Errorf("%q does not say %q:\n%s", args, part, said.String())
			}
		}
	}
	xml, err := os.ReadFile(junit)
	if err != nil || !strings.Contains(string(xml), `tests="2" failures="1"`) {
		t.Errorf("JUnit: %v\n%s", err, xml)
	}
	if err := run(ctx, []string{"test", "--data", dir, "nothing"}, streams{strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}}); err == nil || !strings.Contains(err.Error(), "there is no flow") {
		t.Errorf("an unknown flow: %v", err)
	}
}

// keeping opens the store of a data folder for as long as do takes.
func keeping(t *testing.T, dir string, do func(*store.Store)) {
	t.Helper()
	st, err := storageSettings{Data: dir, LogLevel: "error"}.open(context.Background(), storageSettings{LogLevel: "error"}.logger(streams{nil, os.Stderr, os.Stderr}), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	do(st)
}
