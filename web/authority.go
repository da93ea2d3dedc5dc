package web

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"flowdeck/flows"
	"flowdeck/oauth"
)

// Bounds of what is remembered; all of it is forgotten when there is more.
const (
	mostClients  = 10_000
	mostVerified = 20_000
)

// foreignLife is how long a verified token of another issuer is believed without
// looking at the issuer's keys again.
const foreignLife = 5 * time.Minute

// authority is who says which client may call. It keeps clients with their keys parsed
// and tokens that were verified. The edition of the store says when all of that may have
// changed: at once for a change of this server, within a second for another's.
type authority struct {
	server  *Server
	remotes *oauth.Remotes
	ledger  *ledger
	limits  *signInLimits

	mu       sync.RWMutex
	edition  int64
	clients  map[string]*oauth.Client
	verified map[[sha256.Size]byte]verified
	ring     oauth.Keyring
	ringDue  time.Time // when the ring has to be looked at again

	turning sync.Mutex // held by who makes a signing key
}

// verified is a token that was found good.
type verified struct {
	token oauth.Token
	until time.Time
}

func newAuthority(s *Server) *authority {
	return &authority{server: s, remotes: &oauth.Remotes{Client: s.Clients.Public(), Now: s.Now}, ledger: &ledger{server: s}, limits: newSignInLimits(s.Now)}
}

// current forgets everything when something has changed, and returns the edition that
// what is read from now on belongs to.
func (a *authority) current(ctx context.Context) (int64, error) {
	edition, err := a.server.Store.AppEdition(ctx)
	if err != nil {
		return 0, err
	}
	a.mu.RLock()
	same := a.edition == edition
	a.mu.RUnlock()
	if same {
		return edition, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.edition != edition {
		a.edition, a.clients, a.verified, a.ring = edition, map[string]*oauth.Client{}, map[[sha256.Size]byte]verified{}, nil
	}
	return edition, nil
}

// client returns an app that may get tokens; nil when there is none of that id, or it
// was deactivated.
func (a *authority) client(ctx context.Context, id string) (*oauth.Client, error) {
	edition, err := a.current(ctx)
	if err != nil || id == "" || len(id) > 200 {
		return nil, err
	}
	a.mu.RLock()
	c, known := a.clients[id]
	a.mu.RUnlock()
	if known {
		return c, nil
	}
	app, err := a.server.Store.App(ctx, id)
	if errors.Is(err, flows.ErrNotFound) {
		return nil, nil // not remembered: there is no end to ids
	}
	if err != nil {
		return nil, err
	}
	if app.Active {
		c = oauth.NewClient(app)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.edition == edition {
		if len(a.clients) >= mostClients {
			clear(a.clients)
		}
		a.clients[id] = c
	}
	return c, nil
}

// seen returns a token that was verified before and is still good.
func (a *authority) seen(key [sha256.Size]byte, now time.Time) (oauth.Token, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	v, ok := a.verified[key]
	return v.token, ok && now.Before(v.until)
}

func (a *authority) remember(key [sha256.Size]byte, t oauth.Token, until time.Time, edition int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.edition != edition {
		return
	}
	if len(a.verified) >= mostVerified {
		clear(a.verified)
	}
	a.verified[key] = verified{t, until}
}
