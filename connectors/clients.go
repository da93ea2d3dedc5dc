package connectors

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Options of Clients. The zero value works.
type Options struct {
	Now func() time.Time // time.Now when nil
	// After calls f when d has passed by Now, unless it is stopped; time.AfterFunc when nil.
	After func(d time.Duration, f func()) (stop func() bool)
	Log   *slog.Logger // slog.Default() when nil
	// Recheck is how long a client is handed out before its connection's row is
	// read again, for changes made by another process; 2 s when 0.
	Recheck time.Duration
	// Alone says that no other process uses the storage: a renewal that another one
	// began was cut off when that process ended, and need not be waited for.
	Alone bool
}

// Clients hands out one HTTP client per connection: it signs, renews tokens,
// keeps the credential at its hosts, and records what went over the wire.
type Clients struct {
	storage Storage
	vault   *Vault
	types   *Types
	guard   *Guard
	base    *sockets
	tokens  *http.Client // for token endpoints
	public  *http.Client // without a connection
	now     func() time.Time
	after   func(time.Duration, func()) func() bool
	log     *slog.Logger
	recheck time.Duration
	alone   bool
	holder  string        // this process, as leases name it
	lease   time.Duration // how long another's lease is waited for

	mu        sync.Mutex
	open      map[string]*session  // by connection id
	unsaved   map[string]exchanged // given by a service, not yet committed; by connection id
	governors map[string]*governor // by connection id
	traffic   map[string]*Traffic  // by connection id
	others    Traffic
	era       int // raised by every Forget
	loads     singleflight.Group
	renewals  singleflight.Group // by connection id, not by session: a token is renewed once
	late      sync.WaitGroup     // writes of LastUsed, and renewals nobody waits for
}

// NewClients makes the clients of a program. Close it when no request is under way.
func NewClients(storage Storage, vault *Vault, types *Types, guard *Guard, o Options) *Clients {
	c := &Clients{storage: storage, vault: vault, types: types, guard: guard, base: newTransport(guard, nil),
		now: o.Now, log: o.Log, recheck: o.Recheck,
		alone: o.Alone, holder: rand.Text(), lease: leaseLife, open: map[string]*session{}, unsaved: map[string]exchanged{}, governors: map[string]*governor{}, traffic: map[string]*Traffic{}}
	if c.now == nil {
		c.now = time.Now
	}
	if c.after = o.After; c.after == nil {
		c.after = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
	if c.log == nil {
		c.log = slog.Default()
	}
	if c.recheck == 0 {
		c.recheck = 2 * time.Second
	}
	c.public = newClient(&transport{clients: c, traffic: c.trafficOf("", "")})
	c.tokens = c.newTokenClient(c.base)
	return c
}

// Client returns the client of a connection; "" is no connection: requests go out
// as they are. A connection that does not exist, or cannot be opened, is a *SignInError.
func (c *Clients) Client(ctx context.Context, connectionID string) (*http.Client, error) {
	if connectionID == "" {
		return c.public, nil
	}
	s, err := c.session(ctx, connectionID)
	if err != nil {
		return nil, err
	}
	return s.client, nil
}

// Public returns the client without a connection: requests go out as they are, guarded.
func (c *Clients) Public() *http.Client { return c.public }

// Forget drops what is kept of a connection, so that the next request reads it
// again. Whoever changes or deletes a connection calls it.
func (c *Clients) Forget(connectionID string) {
	c.mu.Lock()
	s := c.open[connectionID]
	delete(c.open, connectionID)
	c.era++
	c.mu.Unlock()
	if s != nil {
		s.reach.close()
	}
	c.loads.Forget(connectionID)
}

// Close waits for what is still being written and closes idle connections.
func (c *Clients) Close() {
	c.late.Wait()
	c.base.CloseIdleConnections()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.open {
		s.reach.close()
	}
}

// session returns the open connection, reading its row when it is not yet open
// or was last read a while ago.
func (c *Clients) session(ctx context.Context, id string) (*session, error) {
	c.mu.Lock()
	s := c.open[id]
	c.mu.Unlock()
	if s != nil && c.now().Sub(time.Unix(0, s.checked.Load())) < c.recheck {
		return s, nil
	}
	v, err, _ := c.loads.Do(id, func() (any, error) { return c.load(context.WithoutCancel(ctx), id) })
	if err != nil {
		return nil, err
	}
	return v.(*session), nil
}

func (c *Clients) load(ctx context.Context, id string) (*session, error) {
	c.mu.Lock()
	era := c.era
	c.mu.Unlock()
	row, err := c.storage.Connection(ctx, id)
	if errors.Is(err, ErrNoConnection) {
		c.Forget(id)
		c.mu.Lock()
		delete(c.governors, id)
		c.mu.Unlock()
		return nil, &SignInError{Message: "the connection of this card was deleted: choose another one", Err: err}
	}
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	s := c.open[id]
	c.mu.Unlock()
	if s != nil && s.revision.Load() == row.Revision {
		s.checked.Store(c.now().UnixNano())
		return s, nil
	}
	s, err = c.openSession(row)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.era == era { // else someone changed it while we read: use it this once
		if old := c.open[id]; old != nil {
			old.reach.close()
			s.evidence = old.evidence.with(row, s.token)
		}
		c.open[id] = s
	}
	return s, nil
}
