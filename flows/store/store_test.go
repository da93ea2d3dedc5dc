package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"flowdeck/flows/store"
	"flowdeck/flows/store/storetest"
)

func open(t testing.TB, dsn string, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func openSQLite(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "flowdeck.db"), o)
}

func TestSQLite(t *testing.T) { storetest.Run(t, openSQLite) }

func TestPostgreSQL(t *testing.T) {
	server := storetest.StartPostgres(t)
	storetest.Run(t, func(t testing.TB, o store.Options) *store.Store {
		t.Helper()
		if o.Blobs == "" {
			o.Blobs = t.TempDir()
		}
		return open(t, server.Database(t), o)
	})
}
