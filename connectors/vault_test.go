package connectors

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func sealed(t *testing.T) (*Vault, Connection) {
	t.Helper()
	v, err := NewVault(bytes.Repeat([]byte{7}, KeySize))
	if err != nil {
		t.Fatal(err)
	}
	c := Connection{ID: "c1", Type: "basic"}
	if err := v.Seal(&c, Secrets{Settings: map[string]any{"password": "hunter2hunter2"}, Token: Token{Access: "tok-12345678"}}); err != nil {
		t.Fatal(err)
	}
	return v, c
}

func TestVaultGivesBackWhatItSealed(t *testing.T) {
	v, c := sealed(t)
	got, err := v.Open(c)
	if err != nil || got.Settings["password"] != "hunter2hunter2" || got.Token.Access != "tok-12345678" {
		t.Fatalf("Open = %v, %v", got, err)
	}
	for _, secret := range []string{"hunter2hunter2", "tok-12345678"} {
		if bytes.Contains(c.Sealed, []byte(secret)) || bytes.Contains(c.Key, []byte(secret)) {
			t.Errorf("%q is in the sealed row", secret)
		}
	}
}

func TestVaultRefusesRowsThatWereMovedOrChanged(t *testing.T) {
	for _, x := range []struct {
		name   string
		change func(*Connection)
	}{
		{"another id", func(c *Connection) { c.ID = "c2" }},
		{"another type", func(c *Connection) { c.Type = "header" }},
		{"a flipped bit", func(c *Connection) { c.Sealed[len(c.Sealed)-1] ^= 1 }},
		{"a flipped bit in the key", func(c *Connection) { c.Key[len(c.Key)-1] ^= 1 }},
		{"a short key", func(c *Connection) { c.Key = c.Key[:2] }},
		{"no key", func(c *Connection) { c.Key = nil }},
		{"nothing sealed", func(c *Connection) { c.Sealed = nil }},
	} {
		t.Run(x.name, func(t *testing.T) {
			v, c := sealed(t)
			x.change(&c)
			if _, err := v.Open(c); !errors.Is(err, ErrSealed) {
				t.Errorf("Open = %v, want ErrSealed", err)
			}
		})
	}
	v, c := sealed(t)
	_, other := sealed(t)
	c.Key = other.Key
	if _, err := v.Open(c); !errors.Is(err, ErrSealed) {
		t.Errorf("Open with the data key of another seal = %v, want ErrSealed", err)
	}
	stranger, _ := NewVault(bytes.Repeat([]byte{8}, KeySize))
	if _, err := stranger.Open(other); !errors.Is(err, ErrSealed) {
		t.Errorf("Open with another master key = %v, want ErrSealed", err)
	}
}

func TestVaultKeepsTheDataKeyOfARow(t *testing.T) {
	v, c := sealed(t)
	before := bytes.Clone(c.Key)
	if err := v.Seal(&c, Secrets{}); err != nil || !bytes.Equal(before, c.Key) {
		t.Fatalf("Seal changed the wrapped key: %v", err)
	}
}

func TestMasterKeyIsMadeOnceAndReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	first, err := LoadOrCreateKeys(path)
	if err != nil || len(first) != 1 || len(first[0]) != KeySize {
		t.Fatalf("first start: %d bytes, %v", len(first), err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v, want 0600", info.Mode(), err)
	}
	second, err := LoadOrCreateKeys(path)
	if err != nil || len(second) != 1 || !bytes.Equal(first[0], second[0]) {
		t.Fatalf("second start read another key: %v", err)
	}
	entries, _ := os.ReadDir(filepath.Dir(path))
	if len(entries) != 1 {
		t.Errorf("%d files left, want only the key", len(entries))
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateKeys(path); err == nil {
		t.Error("a key that everybody can read was taken")
	}
}

func TestParseKeyWantsWholeKeys(t *testing.T) {
	good := base64.StdEncoding.EncodeToString(make([]byte, KeySize))
	if k, err := ParseKey(good + "\n"); err != nil || len(k) != KeySize {
		t.Errorf("ParseKey(good) = %d bytes, %v", len(k), err)
	}
	for _, bad := range []string{"", "secret", good[:20], good + good} {
		if _, err := ParseKey(bad); err == nil {
			t.Errorf("ParseKey(%q) was taken", bad)
		}
	}
}

// While the master key is changed a sign-in may begin at a server that has seen the new
// key, and come back to one that has not.
func TestASignInOpensWithAMasterKeyThatIsNew(t *testing.T) {
	before, after := bytes.Repeat([]byte{1}, KeySize), bytes.Repeat([]byte{2}, KeySize)
	one, err := NewVault(after, before)
	if err != nil {
		t.Fatal(err)
	}
	two, err := NewVault(before)
	if err != nil {
		t.Fatal(err)
	}
	two.Watch(func() ([][]byte, error) { return [][]byte{after, before}, nil })
	a := Attempt{ID: "a_1", ConnectionID: "c_1"}
	if err := one.sealPending(&a, pending{State: "state", Verifier: "verifier"}); err != nil {
		t.Fatal(err)
	}
	if p, err := two.openPending(a); err != nil || p.Verifier != "verifier" {
		t.Errorf("got %+v, %v, want what the other server sealed", p, err)
	}
	a.Sealed[len(a.Sealed)-1] ^= 1
	if _, err := two.openPending(a); !errors.Is(err, ErrSealed) {
		t.Errorf("what was tampered with: %v, want ErrSealed", err)
	}
}
