package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

const password = "pässwort-nobody-knows"

// servedBy is what a server holds open beside the database: connections in use.
func servedBy(t *testing.T, st *store.Store, data string) (*connectors.Clients, *connectors.Vault) {
	t.Helper()
	v, _, err := keySettings{}.vault(data)
	if err != nil {
		t.Fatal(err)
	}
	guard, err := connectors.NewGuard([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	// Every call reads its connection again, as far as there are other revisions.
	c := connectors.NewClients(st, v, connectors.AllTypes(), guard, connectors.Options{Recheck: time.Nanosecond})
	t.Cleanup(c.Close)
	return c, v
}

func add(st *store.Store, v *connectors.Vault, id, host string) error {
	row := connectors.Connection{ID: id, Name: id, Type: "basic", Hosts: []string{host}}
	if err := v.Change(connectors.Basic, &row, map[string]any{"username": "maya", "password": password}, nil); err != nil {
		return err
	}
	return st.CreateConnection(context.Background(), row)
}

// The master key is changed twice while calls are made and connections are added:
// none fails, and afterwards nothing needs an old key.
func TestTheMasterKeyIsChangedWhileServing(t *testing.T) {
	for _, database := range []string{"SQLite", "PostgreSQL"} {
		t.Run(database, func(t *testing.T) {
			ctx, data, dsn := context.Background(), t.TempDir(), ""
			if err := os.Chmod(data, 0o700); err != nil {
				t.Fatal(err)
			}
			if database == "PostgreSQL" {
				dsn = storetest.StartPostgres(t).Database(t)
			}
			settings := storageSettings{Data: data, Database: dsn}
			to := streams{strings.NewReader(""), &output{change: make(chan struct{}, 1)}, &output{change: make(chan struct{}, 1)}}
			st, err := settings.open(ctx, settings.logger(to), 0)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { st.Close() })
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, p, _ := r.BasicAuth(); p != password {
					w.WriteHeader(http.StatusUnauthorized)
				}
			}))
			t.Cleanup(api.Close)
			clients, vault := servedBy(t, st, data)
			host := strings.TrimPrefix(api.URL, "http://")
			const first = 20
			for i := range first {
				if err := add(st, vault, fmt.Sprintf("c_%03d", i), host); err != nil {
					t.Fatal(err)
				}
			}
			var over atomic.Bool
			var calls atomic.Int64
			var all sync.WaitGroup
			for w := range 4 {
				all.Go(func() {
					for n := 0; !over.Load(); n++ {
						id := fmt.Sprintf("c_%03d", (w*7+n)%first)
						if n%50 == 49 {
							id = fmt.Sprintf("c_%d_%d", w, n)
							if err := add(st, vault, id, host); err != nil {
								t.Error("add a connection:", err)
							}
						}
						client, err := clients.Client(ctx, id)
						if err != nil {
							t.Error("open a connection:", err)
							return
						}
						res, err := client.Get(api.URL)
						if err != nil || res.StatusCode != 200 {
							t.Error("a call:", res, err)
							return
						}
						res.Body.Close()
						calls.Add(1)
					}
				})
			}
			before, _ := os.ReadFile(filepath.Join(data, "master.key"))
			for range 2 {
				if err := (rekeySettings{storageSettings: settings}).run(ctx, to); err != nil {
					t.Errorf("rekey: %v", err)
				}
			}
			over.Store(true)
			all.Wait()
			after, _ := os.ReadFile(filepath.Join(data, "master.key"))
			if strings.Contains(string(after), strings.TrimSpace(string(before))) || strings.Count(string(after), "\n") != 1 {
				t.Error("the file still holds an old key")
			}
			fresh, _, err := keySettings{}.vault(data)
			if err != nil {
				t.Fatal(err)
			}
			list, err := st.Connections(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				if _, err := fresh.Open(c); err != nil {
					t.Errorf("%s after the change: %v", c.ID, err)
				}
			}
			t.Logf("%d calls, %d connections", calls.Load(), len(list))
		})
	}
}

// Cut off after any step, every connection can be opened by a new server and by one that
// runs, and the next change goes on.
func TestAChangeOfTheMasterKeyThatIsCutOff(t *testing.T) {
	ctx := context.Background()
	for _, cut := range []string{"key added", "key promoted", "half wrapped", "all wrapped"} {
		t.Run(cut, func(t *testing.T) {
			data := t.TempDir()
			if err := os.Chmod(data, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(data, "master.key")
			settings := storageSettings{Data: data}
			to := streams{strings.NewReader(""), &output{change: make(chan struct{}, 1)}, &output{change: make(chan struct{}, 1)}}
			st, err := settings.open(ctx, settings.logger(to), 0)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { st.Close() })
			_, running := servedBy(t, st, data)
			for i := range 6 {
				if err := add(st, running, fmt.Sprintf("c_%d", i), "api.acme.io"); err != nil {
					t.Fatal(err)
				}
			}
			old, _ := os.ReadFile(path)
			if _, err := connectors.NextKey(path); err != nil {
				t.Fatal(err)
			}
			promoted, _ := os.ReadFile(path)
			next, _, _ := strings.Cut(string(promoted), "\n")
			if cut == "key added" {
				if err := os.WriteFile(path, []byte(string(old)+"next "+next+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			v, _, err := keySettings{}.vault(data)
			if err != nil {
				t.Fatal(err)
			}
			wrap := map[string]int{"half wrapped": 3, "all wrapped": 6}[cut]
			for i := range wrap {
				if err := st.UpdateConnection(ctx, fmt.Sprintf("c_%d", i), func(c *connectors.Connection) error { _, err := v.Rewrap(c); return err }); err != nil {
					t.Fatal(err)
				}
			}
			opens := func(who string, v *connectors.Vault) {
				t.Helper()
				list, err := st.Connections(ctx)
				if err != nil || len(list) != 6 {
					t.Fatalf("%d connections, %v", len(list), err)
				}
				for _, c := range list {
					if _, err := v.Open(c); err != nil {
						t.Errorf("%s: %s: %v", who, c.ID, err)
					}
				}
			}
			opens("a server that runs", running)
			opens("a new server", v)
			if err := (rekeySettings{storageSettings: settings}).run(ctx, to); err != nil {
				t.Fatal(err)
			}
			opens("the server that runs, after the next change", running)
			last, _, err := keySettings{}.vault(data)
			if err != nil {
				t.Fatal(err)
			}
			opens("a server after the next change", last)
			if text, _ := os.ReadFile(path); string(text) != next+"\n" {
				t.Error("the change that was cut off was not ended: the file holds another key")
			}
		})
	}
}
