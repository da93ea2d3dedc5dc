package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/flows/webhook"
)

// Defaults of an endpoint's settings.
const (
	defaultMaxBody         = 10 << 20
	defaultResponseTimeout = 60 * time.Second
)

// clientToken is the header, and clientTokenQuery the query key, that a client token comes in.
const (
	clientToken      = cards.TokenHeader
	clientTokenQuery = cards.TokenKey
)

// endpointCard is the trigger of the flows that have an endpoint.
const endpointCard = "event.endpoint"

// everyMethod is what an endpoint takes when its settings name no method.
var everyMethod = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

// endpoint is all that answering one call needs to know about a flow.
type endpoint struct {
	*store.Endpoint
	asked *asked
}

// withSettings is an endpoint of which only the settings count.
func withSettings(set flows.Settings) endpoint {
	return endpoint{Endpoint: &store.Endpoint{Settings: set}}
}

// endpoint returns the flow that answers at alias; flows.ErrNotFound when none does.
// The store keeps it in memory, and what its document asks for is read once per version.
func (s *Server) endpoint(ctx context.Context, alias string) (endpoint, error) {
	found, err := s.Store.FlowByAlias(ctx, alias)
	if err != nil {
		return endpoint{}, err
	}
	if found.Version == 0 {
		return endpoint{}, flows.ErrNotFound
	}
	doc, err := s.endpoints.of(ctx, found.Document)
	if err != nil {
		return endpoint{}, fmt.Errorf("version %d of flow %s: %w", found.Version, found.FlowID, err)
	}
	if doc.card != endpointCard {
		return endpoint{}, flows.ErrNotFound
	}
	return endpoint{found, doc.asked}, nil
}

func (ep *endpoint) methods() []string {
	if len(ep.Settings.Methods) == 0 {
		return everyMethod
	}
	return ep.Settings.Methods
}

func (ep *endpoint) takes(method string) bool { return slices.Contains(ep.methods(), method) }

// allow is the value of the Allow header.
func (ep *endpoint) allow() string {
	allow := strings.Join(ep.methods(), ", ")
	if !ep.takes(http.MethodOptions) {
		allow += ", " + http.MethodOptions
	}
	return allow
}

func (ep *endpoint) maxBody() int64 {
	if ep.Settings.MaxBody > 0 {
		return ep.Settings.MaxBody
	}
	return defaultMaxBody
}

func (ep *endpoint) responseTimeout() time.Duration {
	if d := ep.Settings.ResponseTimeout.Duration; d > 0 {
		return d
	}
	return defaultResponseTimeout
}

// patience is how long a caller waits.
func (ep *endpoint) patience(m manner) time.Duration {
	if m.wait > 0 {
		return min(m.wait, ep.responseTimeout())
	}
	return ep.responseTimeout()
}

// off refuses calls of a flow that is switched off: as if there were none, unless its
// settings say otherwise.
func (ep *endpoint) off(none *refusal) *refusal {
	if ep.Settings.OffStatus == http.StatusServiceUnavailable {
		return switchedOff()
	}
	return none
}

// called is what a stored document says about the calls it takes.
type called struct {
	card  string // its trigger
	asked *asked
	hook  *webhook.Hook // of a flow that begins with a webhook
}

// endpoints remembers that by document; documents never change.
type endpoints struct {
	programs func(ctx context.Context, documentID string) (*flows.Program, error)

	mu    sync.RWMutex
	known map[string]called
}

// mostKnown bounds what is remembered; all of it is forgotten when there is more.
const mostKnown = 4096

func (e *endpoints) of(ctx context.Context, documentID string) (called, error) {
	e.mu.RLock()
	x, ok := e.known[documentID]
	e.mu.RUnlock()
	if ok {
		return x, nil
	}
	program, err := e.programs(ctx, documentID)
	if err != nil {
		return x, err
	}
	trigger := program.Document().Trigger
	x = called{card: trigger.Card, asked: askedFor(trigger.Inputs)}
	if trigger.Card == webhook.Card {
		if x.hook, err = webhook.Read(trigger.Inputs); err != nil {
			return x, err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known == nil || len(e.known) >= mostKnown {
		e.known = map[string]called{}
	}
	e.known[documentID] = x
	return x, nil
}
