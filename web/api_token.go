package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// apiTokenPrefix begins every personal token, so that people and scanners know one.
const apiTokenPrefix = "fdp_"

// apiScope is something that a token may be good for.
type apiScope struct{ name, text string }

func apiScopes() []apiScope {
	return []apiScope{
		{"flows:read", "Read flows, versions and files"},
		{"flows:write", "Create, change and import drafts, delete flows that are off"},
		{"flows:publish", "Publish flows, switch them on and off, change how a live one answers"},
		{"connections:read", "Read connections, without their secrets"},
		{"connections:write", "Create, change, test and delete connections"},
		{"tables:write", "Create tables and change their columns, by import"},
		{"variables:write", "Create and change variables, by import"},
		{"runs:read", "Read runs with all their values"},
		{"runs:write", "Start, cancel and repeat runs"},
		{"cards:test", "Test cards: they call services for real"},
		{"metrics:read", "Read the metrics of the server"},
	}
}

// newAPIToken makes a token of 130 random bits.
func newAPIToken() string { return apiTokenPrefix + rand.Text() }

// Lookups of tokens are remembered for tokenAge, also those that found nothing. A token
// that is revoked in this process is forgotten at once.
const (
	tokenAge   = 5 * time.Second
	mostTokens = 4096
)

type tokenCache struct {
	server *Server
	mu     sync.Mutex
	ended  int64                 // how often forget was called
	known  map[string]knownToken // by hash
}

type knownToken struct {
	token store.APIToken
	found bool
	read  time.Time
}

func newTokenCache(s *Server) *tokenCache {
	return &tokenCache{server: s, known: map[string]knownToken{}}
}

// find returns the token of that hash. The hash is looked up, never compared, so how
// long it takes says nothing about tokens that there are.
func (t *tokenCache) find(r *http.Request, hash string) (store.APIToken, bool, error) {
	now := t.server.Now()
	t.mu.Lock()
	k, ok := t.known[hash]
	ended := t.ended
	t.mu.Unlock()
	if ok && now.Sub(k.read) < tokenAge {
		return k.token, k.found, nil
	}
	token, err := t.server.Store.APITokenByHash(r.Context(), hash)
	if err != nil && !errors.Is(err, flows.ErrNotFound) {
		return token, false, err
	}
	k = knownToken{token, err == nil, now}
	t.remember(hash, k, ended)
	return k.token, k.found, nil
}

// remember keeps what was looked up, unless a token may have been revoked meanwhile.
func (t *tokenCache) remember(hash string, k knownToken, ended int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended != ended {
		return
	}
	if len(t.known) >= mostTokens {
		clear(t.known)
	}
	t.known[hash] = k
}

func (t *tokenCache) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended++
	clear(t.known)
}

// Calls: a token has a burst, then some each second. An address that shows wrong tokens
// has far fewer.
const (
	callBurst = 200
	callRate  = 50
)

// callLimits bounds how often tokens call.
type callLimits struct {
	now   func() time.Time
	wrong *signInLimits // addresses that show wrong tokens
	mu    sync.Mutex
	by    map[string]*rate.Limiter // token ids
}

func newCallLimits(now func() time.Time) *callLimits {
	return &callLimits{now: now, wrong: newSignInLimits(now), by: map[string]*rate.Limiter{}}
}

// wait returns how long a token has to wait; 0 when it may call now.
func (l *callLimits) wait(token string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	x, ok := l.by[token]
	if !ok {
		if len(l.by) >= maxLimiters {
			clear(l.by)
		}
		x = rate.NewLimiter(callRate, callBurst)
		l.by[token] = x
	}
	if !x.AllowN(l.now(), 1) {
		return time.Second
	}
	return 0
}

// authorize finds out whose token the call shows, and whether it is good for the operation.
func (a *api) authorize(c *apiCall) error {
	kind, shown, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	if shown = strings.TrimSpace(shown); !strings.EqualFold(kind, "Bearer") || shown == "" {
		return wrongBearer("", "Send a personal API token: Authorization: Bearer "+apiTokenPrefix+"… People make them in Settings.")
	}
	from := a.server.addressOf(c.Request)
	token, found, err := a.tokens.find(c.Request, hashToken(shown))
	switch now := a.server.Now(); {
	case err != nil:
		return err
	case !found:
		// Only wrong tokens are slowed down: whoever shows them keeps nobody else out.
		if wait := a.limits.wrong.blocked(from); wait > 0 {
			return tooManyCalls(wait, "Too many wrong tokens came from this address.")
		}
		a.limits.wrong.count(from)
		return wrongBearer("invalid_token", "There is no such token; it may have been revoked.")
	case !token.Expires.IsZero() && !token.Expires.After(now):
		return wrongBearer("invalid_token", "The token has expired.")
	case now.Sub(token.LastUsed) >= touchEvery:
		if err := a.used(c, token, now); err != nil {
			return err
		}
	}
	c.token = token
	if wait := a.limits.wait(token.ID); wait > 0 {
		return tooManyCalls(wait, "This token has called too often: "+strconv.Itoa(callRate)+" calls a second are possible.")
	}
	return c.scope(c.op.scope)
}

// used notes the minute in which a token was last used, in the cache too, so that it is
// written once a minute.
func (a *api) used(c *apiCall, token store.APIToken, now time.Time) error {
	if err := a.server.Store.TouchAPIToken(c.Context(), token.ID, now); err != nil && !inTrouble(err) {
		return err
	}
	a.tokens.mu.Lock()
	defer a.tokens.mu.Unlock()
	if k, ok := a.tokens.known[token.Hash]; ok {
		k.token.LastUsed = now
		a.tokens.known[token.Hash] = k
	}
	return nil
}

func wrongBearer(code, detail string) *apiProblem {
	challenge := `Bearer realm="flowdeck"`
	if code != "" {
		challenge += `, error="` + code + `"`
	}
	p := &apiProblem{Status: http.StatusUnauthorized, Code: "unauthorized", Title: "A token is missing or wrong", Detail: detail}
	return p.with("WWW-Authenticate", challenge)
}

func tooManyCalls(wait time.Duration, detail string) *apiProblem {
	p := &apiProblem{Status: http.StatusTooManyRequests, Code: "too_many_requests", Title: "Too many calls", Detail: detail}
	return p.with("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
}
