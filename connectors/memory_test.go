package connectors

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

// memory is Storage that ends with the test. Its log says in which order things were committed.
type memory struct {
	mu       sync.Mutex
	rows     map[string]Connection
	attempts map[string]Attempt
	touched  int
	broken   error // what UpdateConnection answers instead of committing
	onCommit func(Connection)
}

func newMemory() *memory {
	return &memory{rows: map[string]Connection{}, attempts: map[string]Attempt{}}
}

func (m *memory) Connection(_ context.Context, id string) (Connection, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.rows[id]
	if !ok {
		return c, ErrNoConnection
	}
	return c, nil
}

func (m *memory) UpdateConnection(_ context.Context, id string, change func(*Connection) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.rows[id]
	if !ok {
		return ErrNoConnection
	}
	if err := change(&c); err != nil {
		return err
	}
	if m.broken != nil && c.Life.Holder == "" { // writing down that a renewal begins goes well
		return m.broken
	}
	c.Revision++
	m.rows[id] = c
	if m.onCommit != nil {
		m.onCommit(c)
	}
	return nil
}

func (m *memory) DueConnections(_ context.Context, now time.Time, limit int) (ids []string, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, c := range m.rows {
		if !c.Life.Due.IsZero() && !c.Life.Due.After(now) && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (m *memory) TouchConnection(_ context.Context, id string, used time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.rows[id]
	c.LastUsed = used
	m.rows[id] = c
	m.touched++
	return nil
}

func (m *memory) CreateAttempt(_ context.Context, a Attempt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.attempts[a.ID] = a
	return nil
}

func (m *memory) Attempt(_ context.Context, id string) (Attempt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.attempts[id]
	if !ok {
		return a, ErrNoAttempt
	}
	return a, nil
}

func (m *memory) AttemptByState(_ context.Context, hash string) (Attempt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.attempts {
		if a.StateHash == hash {
			return a, nil
		}
	}
	return Attempt{}, ErrNoAttempt
}

func (m *memory) UpdateAttempt(_ context.Context, id string, change func(*Attempt) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.attempts[id]
	if !ok {
		return ErrNoAttempt
	}
	if err := change(&a); err != nil {
		return err
	}
	m.attempts[id] = a
	return nil
}

// bench is everything a test of clients needs.
type bench struct {
	t       *testing.T
	storage *memory
	vault   *Vault
	clients *Clients
	mu      sync.Mutex
	now     time.Time
}

func (b *bench) clock() time.Time { b.mu.Lock(); defer b.mu.Unlock(); return b.now }
func (b *bench) sleep(d time.Duration) {
	b.mu.Lock()
	b.now = b.now.Add(d)
	b.mu.Unlock()
}

func newBench(t *testing.T) *bench {
	t.Helper()
	vault, err := NewVault(make([]byte, KeySize))
	if err != nil {
		t.Fatal(err)
	}
	guard, err := NewGuard([]string{"127.0.0.0/8", "::1/128"})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, storage: newMemory(), vault: vault, now: time.Now()}
	b.clients = NewClients(b.storage, vault, AllTypes(), guard, Options{Now: b.clock})
	t.Cleanup(b.clients.Close)
	return b
}

// add stores a connection of the type with the settings and returns its id.
func (b *bench) add(kind string, settings map[string]any, token Token, hosts ...string) string {
	b.t.Helper()
	c := Connection{ID: kind + "-1", Name: "Acme", Type: kind, Hosts: hosts, State: Untested, Revision: 1}
	if err := b.vault.Seal(&c, Secrets{Settings: settings, Token: token}); err != nil {
		b.t.Fatal(err)
	}
	b.storage.rows[c.ID] = c
	return c.ID
}

func (b *bench) token(id string) Token {
	b.t.Helper()
	c, err := b.storage.Connection(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := b.vault.Open(c)
	if err != nil {
		b.t.Fatal(err)
	}
	return s.Token
}

var errDisk = errors.New("disk full")
