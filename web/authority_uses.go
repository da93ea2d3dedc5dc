package web

import (
	"context"
	"sync"
	"time"

	"flowdeck/flows/store"
)

// ledgerDelay is how long uses are gathered before they are written.
const ledgerDelay = time.Second

// mostIssued bounds how many tokens are remembered in between; only the last of each app
// are kept anyway.
const mostIssued = 1000

// ledger gathers what was used and issued and writes it in bulk: no call waits for it.
type ledger struct {
	server *Server

	mu      sync.Mutex
	apps    map[[2]string]time.Time // app and item
	tokens  map[[2]string]time.Time // flow and hash of a client token
	issued  []store.AppToken
	pending bool
}

// app says that an app used one of its keys or secrets; "" is the app alone.
func (l *ledger) app(id, item string) {
	l.note(func(now time.Time) { l.apps[[2]string{id, item}], l.apps[[2]string{id, ""}] = now, now })
}

// clientToken says that a client token of a flow was used.
func (l *ledger) clientToken(flow, hash string) {
	l.note(func(now time.Time) { l.tokens[[2]string{flow, hash}] = now })
}

// token says that an access token was issued.
func (l *ledger) token(t store.AppToken) {
	l.note(func(time.Time) {
		if len(l.issued) >= mostIssued {
			l.issued = append(l.issued[:0], l.issued[mostIssued/2:]...)
		}
		l.issued = append(l.issued, t)
	})
}

func (l *ledger) note(f func(now time.Time)) {
	now := l.server.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.apps == nil {
		l.apps, l.tokens = map[[2]string]time.Time{}, map[[2]string]time.Time{}
	}
	f(now)
	if !l.pending {
		l.pending = true
		time.AfterFunc(ledgerDelay, func() { l.flush(context.Background()) })
	}
}

// flush writes what was gathered. Pages that show it call it first.
func (l *ledger) flush(ctx context.Context) {
	l.mu.Lock()
	apps, tokens, issued := l.apps, l.tokens, l.issued
	l.apps, l.tokens, l.issued, l.pending = nil, nil, nil, false
	l.mu.Unlock()
	if len(apps)+len(tokens)+len(issued) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx) // what was gathered is nowhere else, and whoever asked for a page may go away
	if err := l.server.Store.RecordUses(ctx, uses(apps), uses(tokens), issued); err != nil {
		l.server.Log.WarnContext(ctx, "what was used is not recorded", "err", err)
	}
}

func uses(by map[[2]string]time.Time) []store.LastUse {
	list := make([]store.LastUse, 0, len(by))
	for k, at := range by {
		list = append(list, store.LastUse{Owner: k[0], Item: k[1], At: at})
	}
	return list
}
