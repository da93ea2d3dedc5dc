package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/cards"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/meter"
)

// Config is what an operator decided about the web side. Zero durations and
// counts mean the defaults said beside them.
type Config struct {
	// PublicURL is how browsers and callers reach the server, without a slash at the
	// end: "https://flows.example.com". Empty: what each request says.
	PublicURL string
	// TrustedProxies may say X-Forwarded-For and X-Forwarded-Proto.
	TrustedProxies []netip.Prefix
	Version        string
	// SetupToken is the secret of the address where the first account is made, where several
	// servers must know the same; "": each start makes one.
	SetupToken string
	// SessionIdle ends a session that was not used for so long; 0: 14 days.
	SessionIdle time.Duration
	// SessionLife ends any session; 0: 90 days.
	SessionLife time.Duration
	// Bounds are the server's for each run; what they leave out is as flows.DefaultBounds say.
	Bounds flows.Bounds
	// SampleURL is where the sample service answers; empty when it is off.
	SampleURL string
}

// Server answers HTTP. All fields are set before Handler is called and never change.
type Server struct {
	Store   *store.Store
	Cards   *cards.Registry
	Engine  flows.Engine
	Clients *connectors.Clients
	Vault   *connectors.Vault
	Types   *connectors.Types
	// Programs compiles a stored document, or gives the one it compiled before.
	Programs func(ctx context.Context, documentID string) (*flows.Program, error)
	// AddSample adds the sample flow and returns its id; nil when there is no sample service.
	AddSample func(ctx context.Context) (flowID string, err error)
	// Link returns the address by which a waiting step is answered, and its hash.
	Link func(runID string, p flows.Path) (url, hash string)
	// Metrics writes what the parts of the program count; nil: nothing.
	Metrics func(*meter.Page)
	Config  Config
	Log     *slog.Logger
	Now     func() time.Time

	sessions  *sessionRows
	signIns   *signInLimits
	links     *signInLimits // calls of links of waiting steps that there are not
	hasher    *hasher
	endpoints *endpoints
	studies   studies
	api       *api
	authority *authority
	bodies    bodyBudget
	crowd     crowd
	begun     atomic.Int64 // runs that were started here
	streams   atomic.Int64 // pages that listen now
	redos     redoers
	imports   imports
	stopping  chan struct{}
	stopOnce  sync.Once
}

// Handler builds the router: calls of endpoints go to them at once, everything
// else passes the middleware and then the table in routes.go.
func (s *Server) Handler() http.Handler {
	s.prepare()
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.IPExtractor = s.addressOf
	e.Logger.SetOutput(discard{})
	e.Use(s.identify, s.logRequest, s.recover, s.secure, s.sameOrigin, s.bound)
	s.routes(e)
	return s.withEndpoints(e)
}

// Stop ends the streams that open pages listen to; they connect again when the
// server is back. Without it a server that stops would wait for them.
func (s *Server) Stop() {
	s.stopOnce.Do(func() {
		close(s.stopping)
		s.redos.leave()
		s.imports.leave()
		s.authority.ledger.flush(context.Background())
	})
}

func (s *Server) prepare() {
	if s.Config.SessionIdle == 0 {
		s.Config.SessionIdle = 14 * 24 * time.Hour
	}
	if s.Config.SessionLife == 0 {
		s.Config.SessionLife = 90 * 24 * time.Hour
	}
	s.hasher = newHasher()
	s.bodies = newBodyBudget()
	s.stopping = make(chan struct{})
	s.sessions = &sessionRows{server: s}
	s.signIns, s.links = newSignInLimits(s.Now), newSignInLimits(s.Now)
	s.authority = newAuthority(s)
}

// discard swallows what the router would print: everything worth saying goes to Server.Log.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
