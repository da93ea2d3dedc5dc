package httpcard

import (
	"context"
	"net/http/httptrace"
	"sync"
	"time"
)

// late is the end of a stage of a request that took too long.
type late struct {
	toConnect bool // else it was the first byte that did not come
	limit     time.Duration
}

// Error says which stage it was.
func (l *late) Error() string {
	if l.toConnect {
		return "there was no connection within " + l.limit.String()
	}
	return "the answer did not begin within " + l.limit.String()
}

// stages ends a request that takes too long to connect, or to begin its answer.
// Redirects begin anew.
type stages struct {
	toConnect, forFirst time.Duration // 0: no limit of its own
	end                 context.CancelCauseFunc

	mu       sync.Mutex
	timer    *time.Timer
	answered bool
}

// watched returns ctx with the limits of l that only one stage has. The caller calls
// stop when the request is over.
func watched(ctx context.Context, l limits) (watched context.Context, stop func()) {
	if l.ToConnect.d == 0 && l.ForFirstByte.d == 0 {
		return ctx, func() {}
	}
	s := &stages{toConnect: l.ToConnect.d, forFirst: l.ForFirstByte.d}
	ctx, s.end = context.WithCancelCause(ctx)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:              func(string) { s.begin(s.toConnect, true) },
		GotConn:              func(httptrace.GotConnInfo) { s.over(false) },
		WroteRequest:         func(httptrace.WroteRequestInfo) { s.begin(s.forFirst, false) },
		GotFirstResponseByte: func() { s.over(true) },
	})
	return ctx, func() { s.over(true); s.end(nil) }
}

func (s *stages) begin(limit time.Duration, connecting bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if connecting {
		s.answered = false
	}
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if limit > 0 && !s.answered { // a server may answer before it has the whole request
		s.timer = time.AfterFunc(limit, func() { s.end(&late{connecting, limit}) })
	}
}

func (s *stages) over(answered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered = s.answered || answered
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}
