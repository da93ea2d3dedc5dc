package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows/store"
)

// TestDeletedConnectionsAreShredded renews, uses and deletes connections as time does,
// some of them with certificates that fill pages of their own. What they ever sealed,
// and every data key, is then nowhere in the database's files.
func TestDeletedConnectionsAreShredded(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "flowdeck.db"), store.Options{})
	var secrets [][]byte
	random := func(n int) []byte {
		b := make([]byte, n)
		rand.Read(b)
		secrets = append(secrets, b)
		return b
	}
	const all = 40
	id := func(i int) string { return fmt.Sprintf("c_%02d", i) }
	for i := range all {
		if err := s.CreateConnection(ctx, connectors.Connection{ID: id(i), Name: id(i), Type: "basic", Sealed: random(300 + 400*i), Key: random(64)}); err != nil {
			t.Fatal(err)
		}
	}
	for round := range 5 {
		for i := range all {
			if err := s.UpdateConnection(ctx, id(i), func(c *connectors.Connection) error {
				c.Sealed, c.StateDetail = random(300+(round*911+i*577)%9000), string(bytes.Repeat([]byte("x"), round*i))
				if round == 3 {
					c.Key = random(64)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if err := s.TouchConnection(ctx, id(i), time.Now()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := found(t, dir, secrets); n < 2*all {
		t.Fatalf("%d secrets are in the files before anything is deleted: the test looks at the wrong place", n)
	}
	for i := range all {
		if err := s.DeleteConnection(ctx, id(i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := found(t, dir, secrets); n > 0 {
		t.Errorf("%d of %d secrets are still in the files", n, len(secrets))
	}
}

// found counts the secrets that are in some file, as the store writes them.
func found(t *testing.T, dir string, secrets [][]byte) (n int) {
	t.Helper()
	var content []byte
	files, err := filepath.Glob(filepath.Join(dir, "flowdeck.db*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v, want the database and its log", files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		content = append(content, data...)
	}
	for _, secret := range secrets {
		text := base64.StdEncoding.EncodeToString(secret)
		for at := 0; at+40 <= len(text); at += 800 { // any part of it
			if bytes.Contains(content, []byte(text[at:at+40])) {
				n++
				break
			}
		}
	}
	return n
}
