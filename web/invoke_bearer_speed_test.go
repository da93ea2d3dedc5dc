package web

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/oauth"
)

// BenchmarkAccessToken is what an access token adds to a call: one that was seen before,
// and one that was not.
func BenchmarkAccessToken(b *testing.B) {
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(b.TempDir(), "flowdeck.db"), store.Options{})
	check(err)
	defer db.Close()
	vault, err := connectors.NewVault(make([]byte, connectors.KeySize))
	check(err)
	guard, err := connectors.NewGuard(nil)
	check(err)
	clients := connectors.NewClients(db, vault, connectors.AllTypes(), guard, connectors.Options{})
	defer clients.Close()
	s := &Server{Store: db, Vault: vault, Clients: clients, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	s.prepare()
	check(db.CreateApp(ctx, oauth.App{ID: "app_1", Name: "One", Active: true, Auth: oauth.AuthSecret, Scopes: []string{oauth.ScopeInvoke}}))
	ring, err := s.authority.keyring(ctx)
	check(err)
	now := time.Now()
	token, err := ring.Sign(oauth.Token{Issuer: "http://x", Audience: []string{"http://x" + oauth.PathAudience}, Client: "app_1", Subject: "app_1", ID: "1",
		Scopes: []string{oauth.ScopeInvoke}, Issued: now, Expires: now.Add(time.Hour)})
	check(err)
	r, err := http.NewRequest(http.MethodPost, "/", nil)
	check(err)
	r.Header.Set("Authorization", "Bearer "+token)
	ep := withSettings(flows.Settings{Security: levelOAuth})
	for name, seen := range map[string]bool{"seen": true, "new": false} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if !seen {
					clear(s.authority.verified)
				}
				if _, err := s.caller(r, ep, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
