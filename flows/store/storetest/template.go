package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"flowdeck/flows/store"
)

// SQLite returns the path of a database with the newest schema and nothing else in it,
// in a directory of its own. A process runs the migrations once; each test gets a copy.
func SQLite(t testing.TB) string {
	t.Helper()
	path := filepath.Join(Dir(t), "flowdeck.db")
	content, err := migrated()
	if err == nil {
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		t.Fatalf("make a database: %v", err)
	}
	return path
}

var migrated = sync.OnceValues(func() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "flowdeck-schema-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "flowdeck.db")
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil { // puts what is in the log into the file
		return nil, err
	}
	return os.ReadFile(path)
})
