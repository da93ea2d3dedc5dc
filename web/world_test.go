package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/all"
	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/bundle"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

// world is a server as it is in earnest: the real router, SQLite, the engine of
// this process, and another server for flows to call.
type world struct {
	*testing.T
	dir      string // holds all that the test keeps on disk, its database too
	s        *Server
	engine   *local.Engine
	url      string
	upstream *httptest.Server
	browser  *http.Client // signed in as Maya
}

// newWorld starts a world in which flows call upstream.
func newWorld(t *testing.T, upstream http.HandlerFunc) *world {
	t.Helper()
	return newWorldOn(t, storetest.SQLite(t), upstream)
}

// newWorldOn is newWorld on a database of its own.
func newWorldOn(t *testing.T, dsn string, upstream http.HandlerFunc) *world {
	t.Helper()
	ctx := context.Background()
	dir := filepath.Dir(dsn)
	o := store.Options{}
	if strings.HasPrefix(dsn, "postgres") {
		dir = storetest.Dir(t)
		o.Blobs = dir
	}
	db, err := store.Open(ctx, dsn, o)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	vault, err := connectors.NewVault([]byte(strings.Repeat("k", 32)))
	must(t, err)
	guard, err := connectors.NewGuard([]string{"127.0.0.0/8"})
	must(t, err)
	types, registry := connectors.AllTypes(), all.Registry()
	clients := connectors.NewClients(db, vault, types, guard, connectors.Options{})
	t.Cleanup(clients.Close)
	programs := runner.NewPrograms(64, registry, db.Document)
	env := func(ctx context.Context, connection, key string) (cards.Env, error) {
		client, err := clients.Client(ctx, connection)
		return cards.Env{HTTP: client, Now: time.Now, Key: key, Tables: db, Export: (&bundle.Bundle{Store: db}).Flow}, err
	}
	link := func(runID string, p flows.Path) (url, hash string) {
		token := hashToken(runID + string(p))
		return "/callback/" + token, hashToken(token)
	}
	executor := runner.New(runner.Options{Vars: db.VariablesAt, Secret: secretsOf(db, vault), Journal: db, Program: programs.Program, Env: env, Flow: db.Callee, Link: link})
	var s *Server
	engine := local.New(local.Options{Journal: db, Executor: executor, Run: db.Run, Over: func(_, run string) { s.RunOver(run) }})
	w := &world{T: t, dir: dir, engine: engine, upstream: httptest.NewServer(upstream)}
	t.Cleanup(w.upstream.Close)
	s = &Server{Store: db, Cards: registry, Engine: engine, Clients: clients, Vault: vault, Types: types, Programs: programs.Program, Link: link,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now}
	w.s = s
	front := httptest.NewServer(w.s.Handler())
	t.Cleanup(front.Close)
	t.Cleanup(w.s.Stop)
	t.Cleanup(func() { _ = engine.Shutdown(canceled()) })
	w.url = front.URL
	return w
}

func secretsOf(db *store.Store, vault *connectors.Vault) func(context.Context, string) (string, error) {
	return func(ctx context.Context, name string) (string, error) {
		v, err := db.SecretOf(ctx, name)
		if err != nil {
			return "", err
		}
		return vault.OpenSecret(connectors.NamedSecret{Env: v.Env, Name: v.Name, Sealed: v.Sealed, Key: v.Key})
	}
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// signIn makes an account and signs a browser in with it. The hash of its password is the
// cheapest there is; what those in earnest cost, tests of passwords pay.
func (w *world) signIn() {
	w.Helper()
	_, err := w.s.Store.CreateUser(context.Background(), store.User{ID: store.NewID("u_"), Email: "maya@acme.io", Name: "Maya Ortiz",
		Password: hashAt(8, 1, "correct horse battery"), Owner: true, Created: time.Now()})
	must(w.T, err)
	jar, err := cookiejar.New(nil)
	must(w.T, err)
	w.browser = &http.Client{Jar: jar}
	res, err := w.browser.PostForm(w.url+"/login", url.Values{"email": {"maya@acme.io"}, "password": {"correct horse battery"}, "return": {"/settings"}})
	must(w.T, err)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		w.Fatalf("sign in: status %d", res.StatusCode)
	}
}

// publish stores a flow at alias and publishes doc.
func (w *world) publish(alias string, set flows.Settings, doc flows.Document) flows.Flow {
	w.Helper()
	ctx := context.Background()
	doc.Format = flows.Format
	if _, err := flows.Compile(doc, w.s.Cards); err != nil {
		w.Fatalf("compile %s: %v", alias, err)
	}
	f := flows.Flow{ID: store.NewID("f_"), Name: "Flow " + alias, Alias: alias, Settings: set, Draft: doc, Created: time.Now(), Updated: time.Now(), UpdatedBy: "Maya"}
	must(w.T, w.s.Store.CreateFlow(ctx, f))
	w.publishAgain(f.ID, doc)
	must(w.T, w.s.Store.UpdateFlow(ctx, f.ID, func(f *flows.Flow) error { f.On = true; return nil }))
	return w.flow(f.ID)
}

func (w *world) publishAgain(id string, doc flows.Document) {
	w.Helper()
	doc.Format = flows.Format
	_, err := w.s.Store.Publish(context.Background(), id, w.flow(id).Revision, doc, "", "Maya")
	must(w.T, err)
}

func (w *world) flow(id string) flows.Flow {
	w.Helper()
	f, err := w.s.Store.Flow(context.Background(), id)
	must(w.T, err)
	return f
}

func (w *world) set(id string, change func(*flows.Settings)) {
	w.Helper()
	must(w.T, w.s.Store.UpdateFlow(context.Background(), id, func(f *flows.Flow) error { change(&f.Settings); return nil }))
}

var public = flows.Settings{Security: "public"}

func endpointDoc(inputs []any, chain ...flows.Step) flows.Document {
	trigger := flows.Step{ID: "endpoint", Card: "event.endpoint"}
	if inputs != nil {
		trigger.Inputs = schema.Values{"inputs": inputs}
	}
	return flows.Document{Format: flows.Format, Trigger: trigger, Chain: chain}
}

func step(id, card string, inputs schema.Values) flows.Step {
	return flows.Step{ID: id, Card: card, Inputs: inputs}
}

func input(name, kind, from string, required bool) schema.Values {
	return schema.Values{"name": name, "type": kind, "from": from, "required": required}
}

// reply is an answer that was read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// call sends a request; header is pairs of a name and a value.
func (w *world) call(method, path, body string, header ...string) reply {
	w.Helper()
	return w.send(http.DefaultClient, method, path, body, header...)
}

func (w *world) send(client *http.Client, method, path, body string, header ...string) reply {
	w.Helper()
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	must(w.T, err)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := c.Do(r)
	must(w.T, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	must(w.T, err)
	return reply{res.StatusCode, res.Header, string(data)}
}

// want checks an answer: its status, and a part of its body.
func (w *world) want(what string, got reply, status int, part string) {
	w.Helper()
	if got.status != status || !strings.Contains(got.body, part) {
		w.Errorf("%s: got %d %s, want %d with %q", what, got.status, got.body, status, part)
	}
}

// run reads the run that an answer named.
func (w *world) run(got reply) flows.Run {
	w.Helper()
	run, err := w.s.Store.Run(context.Background(), got.header.Get("X-Flowdeck-Run"))
	must(w.T, err)
	return run
}
