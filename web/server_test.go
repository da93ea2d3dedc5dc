package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/all"
	"flowdeck/connectors"
	"flowdeck/flows/local"
	"flowdeck/flows/runner"
	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
	"flowdeck/web"
)

// place is a whole Flowdeck on a database of its own, and a browser that visits it.
type place struct {
	*web.Server
	t     testing.TB
	url   string
	setup string // path of the one-time address
	logs  *syncBuffer
}

// newPlace starts one. adjust may change the configuration before it starts.
func newPlace(t testing.TB, adjust ...func(*web.Server)) *place {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	vault, err := connectors.NewVault(make([]byte, connectors.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	guard, err := connectors.NewGuard([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	logs := &syncBuffer{}
	log := slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	types, catalogue := connectors.AllTypes(), all.Registry()
	clients := connectors.NewClients(st, vault, types, guard, connectors.Options{Log: log})
	programs := runner.NewPrograms(100, catalogue, st.Document)
	executor := runner.New(runner.Options{Journal: st, Program: programs.Program, Log: log,
		Env: func(ctx context.Context, connection, key string) (cards.Env, error) {
			client, err := clients.Client(ctx, connection)
			return cards.Env{HTTP: client, Now: time.Now, Key: key}, err
		}})
	engine := local.New(local.Options{Journal: st, Executor: executor, Run: st.Run, Log: log})
	s := &web.Server{Store: st, Cards: catalogue, Engine: engine, Clients: clients, Vault: vault, Types: types, Programs: programs.Program, Log: log, Now: time.Now}
	for _, a := range adjust {
		a(s)
	}
	setup, err := s.OpenSetup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.Stop()
		server.Close()
		stop, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		if err := engine.Shutdown(stop); err != nil {
			t.Errorf("stop the engine: %v", err)
		}
		clients.Close()
		if err := st.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return &place{Server: s, t: t, url: server.URL, setup: setup, logs: logs}
}

// The owner of every place.
const (
	ownerEmail    = "maya@example.com"
	ownerPassword = "correct horse battery"
)

// browser visits a place; it follows no redirect, so that tests see them.
type browser struct {
	p      *place
	client *http.Client
}

func (p *place) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &browser{p, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// owner is a browser in which the owner is signed in; the first call makes the account.
func (p *place) owner() *browser {
	p.t.Helper()
	b := p.browser()
	answer := b.post(p.setup, url.Values{"name": {"Maya Ortiz"}, "email": {ownerEmail}, "password": {ownerPassword}, "again": {ownerPassword}})
	answer.want(http.StatusSeeOther)
	return b
}

// page is an answer, read to its end.
type page struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   string
}

func (b *browser) do(method, path string, form url.Values, headers ...string) page {
	t := b.p.t
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, b.p.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.read(r)
}

// read sends a request and reads its answer.
func (b *browser) read(r *http.Request) page {
	t := b.p.t
	t.Helper()
	res, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page{t, r.Method + " " + r.URL.Path, res.StatusCode, res.Header, string(text)}
}

func (b *browser) get(path string, headers ...string) page {
	b.p.t.Helper()
	return b.do(http.MethodGet, path, nil, headers...)
}

func (b *browser) post(path string, form url.Values, headers ...string) page {
	b.p.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return b.do(http.MethodPost, path, form, headers...)
}

// want checks the status and that the page says these things.
func (p page) want(status int, says ...string) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s = %d, want %d\n%s", p.what, p.status, status, p.body)
	}
	for _, s := range says {
		if !strings.Contains(p.body, s) {
			p.t.Errorf("%s does not say %q:\n%s", p.what, s, p.body)
		}
	}
	return p
}

// wantNot checks that the page does not say these things.
func (p page) wantNot(says ...string) page {
	p.t.Helper()
	for _, s := range says {
		if strings.Contains(p.body, s) {
			p.t.Errorf("%s says %q:\n%s", p.what, s, p.body)
		}
	}
	return p
}

func (p page) wantHeader(name, value string) page {
	p.t.Helper()
	if got := p.header.Get(name); got != value {
		p.t.Errorf("%s: %s = %q, want %q", p.what, name, got, value)
	}
	return p
}
