package connectors

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// session is a connection held open: its settings decoded, its token at hand.
type session struct {
	clients *Clients
	id      string
	name    string
	kind    AuthType
	auth    Auth
	hosts   []string
	client  *http.Client
	reach   reach
	renewOn []int // statuses after which the token is renewed

	revision atomic.Int64 // of the row it was read from or last wrote
	checked  atomic.Int64 // when the row was last read, in ns
	used     atomic.Int64 // when LastUsed was last written, in ns
	masks    atomic.Pointer[masker]
	secrets  []string // what never changes of what must be masked

	mu       sync.Mutex
	token    Token
	failure  error  // of the last renewal
	failures int    // in a row
	spent    string // an access token that the service has turned down
	retry    time.Time

	evidence *evidence
	traffic  *Traffic
}

func (c *Clients) openSession(row Connection) (*session, error) {
	kind, auth, secrets, err := c.unseal(row)
	if err != nil {
		return nil, &SignInError{Connection: row.Name, Message: "its settings cannot be read: edit it and save it again", Err: err}
	}
	s := &session{clients: c, id: row.ID, name: row.Name, kind: kind, auth: auth, hosts: row.Hosts,
		token: secrets.Token, secrets: secretsOf(kind.Form, secrets.Settings)}
	if s.reach, err = c.openReach(row, secrets); err != nil {
		return nil, &SignInError{Connection: row.Name, Message: "its network settings cannot be used: edit it and save it again", Err: err}
	}
	s.secrets = append(s.secrets, secretsOf(networkForm, secrets.Network)...)
	if r, ok := auth.(interface{ renewOn() []int }); ok {
		s.renewOn = r.renewOn()
	}
	s.evidence = newEvidence(row, secrets.Token)
	s.revision.Store(row.Revision)
	s.checked.Store(c.now().UnixNano())
	if !row.LastUsed.IsZero() {
		s.used.Store(row.LastUsed.UnixNano())
	}
	s.remask()
	s.traffic = c.trafficOf(row.ID, row.Name)
	s.client = newClient(&transport{clients: c, session: s, traffic: s.traffic})
	return s, nil
}

// unseal reads what a row seals and fills its type in.
func (c *Clients) unseal(row Connection) (AuthType, Auth, Secrets, error) {
	kind, ok := c.types.Type(row.Type)
	if !ok {
		return kind, nil, Secrets{}, &SignInError{Connection: row.Name, Message: "this program knows no sign-in of type " + row.Type}
	}
	secrets, err := c.vault.Open(row)
	if err != nil {
		return kind, nil, Secrets{}, err
	}
	auth, err := kind.Auth(secrets.Settings)
	return kind, auth, secrets, err
}

// touch notes that the connection is used, at most once a minute, beside the request.
func (s *session) touch(ctx context.Context) {
	now := s.clients.now()
	last := s.used.Load()
	if now.UnixNano()-last < int64(time.Minute) || !s.used.CompareAndSwap(last, now.UnixNano()) {
		return
	}
	ctx = context.WithoutCancel(ctx)
	s.clients.late.Go(func() {
		if err := s.clients.storage.TouchConnection(ctx, s.id, now); err != nil {
			s.clients.log.Warn("note the use of a connection", "connection", s.id, "err", err)
		}
	})
}

// remask rebuilds what is masked; the caller holds mu or is the only owner.
func (s *session) remask() {
	all := append([]string{s.token.Access, s.token.Refresh}, s.secrets...)
	if b, ok := s.auth.(*basic); ok {
		all = append(all, b.encoded())
	}
	m := newMasker(all)
	if h, ok := s.auth.(*header); ok {
		for _, p := range h.Headers {
			m.headers[http.CanonicalHeaderKey(p.Name)] = true
		}
		for _, p := range h.Query {
			m.keys[p.Name] = true
		}
	}
	s.masks.Store(m)
}
