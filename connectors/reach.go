package connectors

import (
	"context"
	"net/http"
	"time"
)

// reach is how a session gets to its service. What it does not set apart it shares
// with all connections.
type reach struct {
	network  Network
	governor *governor
	own      *sockets     // with its certificates; the shared one without TLS settings
	away     *sockets     // for hosts the connection does not name: without the client certificate
	tokens   *http.Client // for token endpoints
	guarded  bool         // a client certificate is a credential, also of a type that sends none
	shared   *sockets
}

// openReach makes what row's network settings ask for.
func (c *Clients) openReach(row Connection, secrets Secrets) (reach, error) {
	n, err := networkOf(secrets.Network)
	if err != nil {
		return reach{}, err
	}
	r := reach{network: n, governor: c.governor(row.ID), own: c.base, away: c.base, tokens: c.tokens, shared: c.base}
	r.governor.keep(row.Name, n)
	if !n.hasTLS() {
		return r, nil
	}
	secure, err := n.tls(true)
	if err != nil {
		return reach{}, err
	}
	r.own = newTransport(c.guard, secure)
	r.away = r.own
	if n.ClientCert != "" {
		r.guarded = true
		if secure, err = n.tls(false); err != nil {
			return reach{}, err
		}
		r.away = newTransport(c.guard, secure)
	}
	r.tokens = c.newTokenClient(r.own)
	return r, nil
}

// close lets go of sockets that are the session's own, those in use when they become idle.
func (r *reach) close() {
	for _, t := range []*sockets{r.own, r.away} {
		if t != nil && t != r.shared {
			t.CloseIdleConnections()
		}
	}
}

func (c *Clients) newTokenClient(base http.RoundTripper) *http.Client {
	return &http.Client{Transport: &tokenWire{wire{base: base, guard: c.guard, purpose: "token"}}, Timeout: tokenTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// tokenClient is the client for the token endpoint of a connection.
func (c *Clients) tokenClient(ctx context.Context, id string) *http.Client {
	if s, err := c.session(ctx, id); err == nil {
		return s.reach.tokens
	}
	return c.tokens
}

// governor is the one of a connection: it outlives sessions, for what a service has
// said stays true when a token is renewed or a name is changed.
func (c *Clients) governor(id string) *governor {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.governors[id]
	if g == nil {
		g = newGovernor(c.now, c.after)
		c.governors[id] = g
	}
	return g
}

// Remaining is what is known of a connection's limits; false when it was not used
// since the program began.
func (c *Clients) Remaining(id string) (Remaining, bool) {
	c.mu.Lock()
	g := c.governors[id]
	c.mu.Unlock()
	if g == nil {
		return Remaining{}, false
	}
	return g.remaining(), true
}

// Timeout is a connection's own limit for a call; 0 when it names none.
func (c *Clients) Timeout(ctx context.Context, id string) (time.Duration, error) {
	if id == "" {
		return 0, nil
	}
	s, err := c.session(ctx, id)
	if err != nil {
		return 0, err
	}
	return s.reach.network.Timeout.Duration, nil
}
