package wire

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
	"flowdeck/connectors"
	"flowdeck/e2e/wire/nasty"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

var update = flag.Bool("update", false, "write docs/bad-servers.md anew")

// authority signs the certificates that this process trusts.
var authority *nasty.Authority

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	log.SetOutput(new(discard)) // net/http's own remarks on broken answers
	stop, err := answerNames()
	if err != nil {
		log.Fatal(err)
	}
	defer stop()
	if authority, err = nasty.NewAuthority("Test Authority"); err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "flowdeck-wire-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	roots := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, authority.PEM(), 0o600); err != nil {
		log.Fatal(err)
	}
	os.Setenv("SSL_CERT_FILE", roots) // read once, when the first certificate is checked
	os.Setenv("SSL_CERT_DIR", dir)
	return m.Run()
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// world is what a server gives to its cards: a database, connections, clients.
type world struct {
	t       *testing.T
	db      *store.Store
	vault   *connectors.Vault
	clients *connectors.Clients
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	vault, err := connectors.NewVault(make([]byte, connectors.KeySize))
	must(t, err)
	guard, err := connectors.NewGuard([]string{"127.0.0.1"})
	must(t, err)
	w := &world{t: t, db: db, vault: vault, clients: connectors.NewClients(db, vault, connectors.AllTypes(), guard, connectors.Options{})}
	t.Cleanup(w.clients.Close)
	return w
}

// connect stores a connection and returns its id.
func (w *world) connect(kind string, settings schema.Values, hosts ...string) string {
	w.t.Helper()
	c := connectors.Connection{ID: store.NewID("c_"), Name: fmt.Sprint(kind, " ", time.Now().UnixNano()), Type: kind, Hosts: hosts, State: connectors.Untested, Revision: 1}
	must(w.t, w.vault.Seal(&c, connectors.Secrets{Settings: settings}))
	must(w.t, w.db.CreateConnection(context.Background(), c))
	return c.ID
}

// outcome is what came of a card.
type outcome struct {
	out   schema.Values
	err   *cards.Error
	trace *trace.Trace
	took  time.Duration
	bytes uint64 // allocated meanwhile, the server's own included
}

// call runs a card through a connection; "" is none.
func (w *world) call(card cards.Card, connection string, in schema.Values) outcome {
	w.t.Helper()
	wire := &trace.Trace{}
	ctx := trace.With(w.t.Context(), wire)
	client, err := w.clients.Client(ctx, connection)
	must(w.t, err)
	values, err := schema.Normal(in)
	must(w.t, err)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	out, err := card.Call(ctx, cards.Env{HTTP: client, Now: time.Now, Key: "r_1/step"}, values.(schema.Values))
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return outcome{out: out, err: cards.ErrorOf(err), trace: wire, took: took, bytes: after.TotalAlloc - before.TotalAlloc}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
