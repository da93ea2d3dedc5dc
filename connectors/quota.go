package connectors

import (
	"fmt"
	"net/http"
	"time"
)

// quota is what a service has said about how much it takes.
type quota struct {
	held time.Time // nothing goes before
	why  string    // it is held: "the service asked for a pause (429)"

	known bool // limit, left and reset were said
	limit int64
	left  int64 // -1 when not said
	reset time.Time
}

// Pauses longer than these are not believed: after them one request tries again.
const (
	longestAsked   = 24 * time.Hour // Retry-After
	longestGuessed = time.Hour      // a quota that is used up
)

// free is when the service takes the next request; a time that is past when it does already.
func (q *quota) free(now time.Time) time.Time {
	t := q.held
	if q.known && q.left == 0 && q.reset.After(t) {
		t = q.reset
	}
	return t
}

// spend counts a request that the service has not yet counted.
func (q *quota) spend() {
	if q.known && q.left > 0 {
		q.left--
		if q.left == 0 {
			q.why = q.used()
		}
	}
}

func (q *quota) used() string {
	if q.limit > 0 {
		return fmt.Sprintf("the service's quota of %d requests is used up", q.limit)
	}
	return "the service's quota is used up"
}

// learn reads what an answer says about limits. others is how many more requests
// are under way, which the service may not have counted yet. It reports whether
// anything was said.
func (q *quota) learn(res *http.Response, now time.Time, others int) bool {
	a := advice(res, now)
	if !a.known && a.pause == 0 {
		if q.known && !q.reset.After(now) {
			q.known = false // it has said nothing since
		}
		return false
	}
	if a.pause > 0 {
		until := now.Add(min(a.pause, longestAsked))
		if until.After(q.held) {
			q.held, q.why = until, fmt.Sprintf("%s asked for a pause (%d)", hostName(res), res.StatusCode)
		}
	}
	if !a.known {
		return true
	}
	reset := a.reset
	if most := now.Add(longestGuessed); a.left == 0 && reset.After(most) && a.pause == 0 {
		reset = most
	}
	q.known, q.limit, q.left, q.reset = true, a.limit, a.left, reset
	if a.left > 0 {
		q.left = max(a.left-int64(others), 0)
	}
	if q.left == 0 && a.pause == 0 {
		q.why = q.used()
	}
	return true
}

func hostName(res *http.Response) string {
	if res.Request == nil {
		return "the service"
	}
	return res.Request.URL.Host
}

// learn takes over what an answer says about limits.
func (g *governor) learn(res *http.Response) {
	if !g.active.Load() && !speaks(res) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.said.learn(res, g.now(), max(g.inFlight-1, 0)) {
		g.active.Store(true)
	}
	g.pump()
}

// Remaining is what is known of a connection's limits at this moment.
type Remaining struct {
	Rate        float64   // requests per second, as set; 0: any
	Concurrency int       // at a time, as set; 0: any
	InFlight    int       // under way; 0 while nothing limits the connection
	Waiting     int       // in line
	Queue       int       // how many may be
	Known       bool      // the service said what follows
	Limit       int64     // of the service's quota; 0 when it did not say
	Left        int64     // of it; -1 when it did not say
	Reset       time.Time // when the quota is full again; zero when it did not say
	Held        time.Time // nothing goes before, because the service asked or its quota is used up; zero when nothing is held
	Why         string    // it is held
}

func (g *governor) remaining() Remaining {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	r := Remaining{Rate: g.set.rate, Concurrency: g.set.concurrency, InFlight: g.inFlight, Waiting: g.line.Len(), Queue: g.set.queue}
	if q := g.said; q.known && (q.reset.IsZero() || q.reset.After(now)) {
		r.Known, r.Limit, r.Left, r.Reset = true, q.limit, q.left, q.reset
	}
	if free := g.said.free(now); free.After(now) {
		r.Held, r.Why = free, g.said.why
	}
	return r
}
