package connectors

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

// ruled is a governor with a clock of its own.
func ruled(n Network) (*governor, *fakeClock) {
	clock := newFakeClock()
	g := newGovernor(clock.time, clock.after)
	g.keep("Acme", n)
	return g, clock
}

func limited(rate float64, concurrency, queue int, wait time.Duration) Network {
	return Network{Rate: rate, Concurrency: concurrency, Queue: queue, QueueWait: schema.Duration{Duration: wait}}
}

// entrant is one request that asked to go.
type entrant struct {
	number int
	ticket ticket
	err    error
}

// line sends n requests in, one after the other, and returns where they come out.
func (g *governor) lineUp(ctx context.Context, n int) chan entrant {
	out := make(chan entrant, n)
	for i := range n {
		before := g.remaining().Waiting
		done := make(chan struct{})
		go func() {
			t, err := g.enter(ctx)
			out <- entrant{i, t, err}
			close(done)
		}()
		for g.remaining().Waiting == before { // until it waits, or did not have to
			select {
			case <-done:
				before = -1
			default:
				runtime.Gosched()
				continue
			}
			break
		}
	}
	return out
}

// gone takes those that have come out by now, n of them.
func gone(t *testing.T, out chan entrant, n int) (list []entrant) {
	t.Helper()
	for range n {
		select {
		case e := <-out:
			list = append(list, e)
		case <-time.After(5 * time.Second):
			t.Fatalf("%d came out, want %d", len(list), n)
		}
	}
	if len(out) > 0 {
		t.Fatalf("more than %d came out", n)
	}
	return list
}

func TestRequestsAreSpreadEvenlyInTheOrderOfComing(t *testing.T) {
	g, clock := ruled(limited(10, 0, 100, time.Minute))
	out := g.lineUp(t.Context(), 5)
	for i := range 5 {
		e := gone(t, out, 1)[0]
		if e.number != i || e.err != nil {
			t.Fatalf("request %d went as number %d: %v", e.number, i, e.err)
		}
		e.ticket.leave()
		clock.pass(99 * time.Millisecond)
		gone(t, out, 0)
		clock.pass(time.Millisecond)
	}
	if r := g.remaining(); r.Waiting != 0 || r.InFlight != 0 || clock.waiting() != 0 {
		t.Errorf("afterwards %+v and %d timers, want nothing left", r, clock.waiting())
	}
}

func TestARateOfLessThanOnePerSecond(t *testing.T) {
	g, clock := ruled(limited(0.5, 0, 10, time.Minute))
	out := g.lineUp(t.Context(), 2)
	gone(t, out, 1)
	clock.pass(1999 * time.Millisecond)
	gone(t, out, 0)
	clock.pass(time.Millisecond)
	gone(t, out, 1)
}

func TestNoMoreThanAllowedAreUnderWay(t *testing.T) {
	g, clock := ruled(limited(0, 2, 100, time.Minute))
	out := g.lineUp(t.Context(), 4)
	first := gone(t, out, 2)
	clock.pass(30 * time.Second)
	gone(t, out, 0)
	first[1].ticket.leave()
	if e := gone(t, out, 1)[0]; e.number != 2 {
		t.Errorf("request %d went, want number 2", e.number)
	}
	if r := g.remaining(); r.InFlight != 2 || r.Waiting != 1 || r.Concurrency != 2 {
		t.Errorf("remaining %+v, want 2 under way and 1 waiting", r)
	}
	first[0].ticket.leave()
	gone(t, out, 1)
}

func TestAFullLineAndAWaitThatIsTooLongFailAtOnce(t *testing.T) {
	for _, x := range []struct {
		name   string
		n      Network
		before int
		saying []string
		after  time.Duration
	}{
		{"full", limited(1, 0, 3, time.Minute), 4, []string{"Acme", "1 requests per second", "3 requests are waiting"}, 4 * time.Second},
		{"too long by rate", limited(0.1, 0, 100, 15*time.Second), 2, []string{"0.1 requests per second", "longer"}, 20 * time.Second},
		{"nobody may wait", limited(0, 1, 0, time.Minute), 1, []string{"1 requests at a time"}, 0},
	} {
		g, _ := ruled(x.n)
		ctx, cancel := context.WithCancel(t.Context())
		out := g.lineUp(ctx, x.before)
		_, err := g.enter(t.Context())
		var limit *LimitError
		if !errors.As(err, &limit) || limit.After != x.after {
			t.Errorf("%s: got %v, want a limit that is free after %v", x.name, err, x.after)
			cancel()
			continue
		}
		for _, s := range x.saying {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q does not say %q", x.name, err, s)
			}
		}
		if e := cards.ErrorOf(err); e.Code != cards.CodeLimit || !e.Retryable || e.After != x.after {
			t.Errorf("%s: the card gets %+v", x.name, e)
		}
		cancel()
		gone(t, out, x.before)
	}
}

func TestAWaitEndsWhenItHasTakenTooLong(t *testing.T) {
	g, clock := ruled(limited(0, 1, 10, 5*time.Second))
	out := g.lineUp(t.Context(), 2)
	held := gone(t, out, 1)[0]
	clock.pass(5 * time.Second)
	var limit *LimitError
	if e := gone(t, out, 1)[0]; !errors.As(e.err, &limit) || !strings.Contains(e.err.Error(), "1 requests at a time") {
		t.Errorf("got %v, want a limit", e.err)
	}
	held.ticket.leave()
	if r := g.remaining(); r.InFlight != 0 || r.Waiting != 0 || clock.waiting() != 0 {
		t.Errorf("afterwards %+v and %d timers", r, clock.waiting())
	}
}

func TestWaitingEndsAtOnceWhenTheRunDoes(t *testing.T) {
	g, clock := ruled(limited(0, 1, 10, time.Minute))
	held := gone(t, g.lineUp(t.Context(), 1), 1)[0]
	ctx, cancel := context.WithCancel(t.Context())
	cancelled, others := g.lineUp(ctx, 3), g.lineUp(t.Context(), 1)
	cancel()
	for _, e := range gone(t, cancelled, 3) {
		if !errors.Is(e.err, context.Canceled) {
			t.Errorf("got %v, want %v", e.err, context.Canceled)
		}
	}
	gone(t, others, 0)
	held.ticket.leave()
	gone(t, others, 1)[0].ticket.leave()
	if r := g.remaining(); r.InFlight != 0 || r.Waiting != 0 || clock.waiting() != 0 {
		t.Errorf("afterwards %+v and %d timers", r, clock.waiting())
	}
	if _, err := g.enter(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that has ended gets %v", err)
	}
}

func TestARequestDoesNotWaitPastItsOwnEnd(t *testing.T) {
	g, _ := ruled(limited(0.01, 0, 10, 10*time.Minute))
	if _, err := g.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var limit *LimitError
	if _, err := g.enter(ctx); !errors.As(err, &limit) || limit.After != 100*time.Second {
		t.Errorf("got %v, want a limit free after 100 s", err)
	}
}

func TestLimitsThatChangeHoldFromTheNextRequestOn(t *testing.T) {
	g, _ := ruled(limited(0.001, 1, 10, time.Hour))
	out := g.lineUp(t.Context(), 3)
	gone(t, out, 1)
	g.keep("Acme", limited(0, 0, 10, time.Hour))
	gone(t, out, 2)
}

func answer(status int, headers ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Add(headers[i], headers[i+1])
	}
	r, _ := http.NewRequest(http.MethodGet, "https://api.acme.io/", nil)
	return &http.Response{StatusCode: status, Header: h, Request: r}
}

func TestServicesSayWhenTheyTakeMore(t *testing.T) {
	now := newFakeClock().now
	at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	unix := func(d time.Duration) string { s, _ := schema.ToText(now.Add(d).Unix()); return s }
	millis := func(d time.Duration) string { s, _ := schema.ToText(now.Add(d).UnixMilli()); return s }
	const none = -1
	for _, x := range []struct {
		name        string
		res         *http.Response
		held        time.Duration // 0: not held
		limit, left int64         // left none: not said
	}{
		{"429, seconds", answer(429, "Retry-After", "7"), 7 * time.Second, 0, none},
		{"429, seconds with a fraction", answer(429, "Retry-After", " 1.5 "), 1500 * time.Millisecond, 0, none},
		{"429, a date", answer(429, "Retry-After", at(90*time.Second)), 90 * time.Second, 0, none},
		{"429, a date by a clock that is fast", answer(429, "Date", at(time.Hour), "Retry-After", at(time.Hour+9*time.Second)), 9 * time.Second, 0, none},
		{"429, a date that is past", answer(429, "Retry-After", at(-time.Minute)), 0, 0, none},
		{"429, nothing", answer(429), 0, 0, none},
		{"429, nonsense", answer(429, "Retry-After", "soon"), 0, 0, none},
		{"429, less than nothing", answer(429, "Retry-After", "-5"), 0, 0, none},
		{"429, not a number", answer(429, "Retry-After", "NaN"), 0, 0, none},
		{"429, a year", answer(429, "Retry-After", "31536000"), 24 * time.Hour, 0, none},
		{"429, more than any number", answer(429, "Retry-After", "1e300"), 24 * time.Hour, 0, none},
		{"429, milliseconds", answer(429, "Retry-After-Ms", "250"), 250 * time.Millisecond, 0, none},
		{"503, seconds", answer(503, "Retry-After", "3"), 3 * time.Second, 0, none},
		{"403, seconds, as GitHub's second limit", answer(403, "Retry-After", "60"), time.Minute, 0, none},
		{"301, seconds are no pause", answer(301, "Retry-After", "60"), 0, 0, none},
		{"200, seconds are no pause", answer(200, "Retry-After", "60"), 0, 0, none},
		{"Slack", answer(429, "Retry-After", "30"), 30 * time.Second, 0, none},
		{"GitHub", answer(200, "X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "4999", "X-RateLimit-Reset", unix(time.Hour)), 0, 5000, 4999},
		{"GitHub, used up", answer(403, "X-RateLimit-Limit", "60", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(10*time.Minute)), 10 * time.Minute, 60, 0},
		{"GitHub, by a clock that is slow", answer(200, "Date", at(-time.Minute), "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(-time.Minute+8*time.Second)), 8 * time.Second, 0, 0},
		{"Okta", answer(429, "X-Rate-Limit-Limit", "600", "X-Rate-Limit-Remaining", "0", "X-Rate-Limit-Reset", unix(20*time.Second)), 20 * time.Second, 600, 0},
		{"seconds from now", answer(200, "X-RateLimit-Limit", "10", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "12"), 12 * time.Second, 10, 0},
		{"milliseconds since 1970", answer(200, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", millis(4*time.Second)), 4 * time.Second, 0, 0},
		{"a duration", answer(200, "X-RateLimit-Limit-Requests", "60", "X-RateLimit-Remaining-Requests", "0", "X-RateLimit-Reset-Requests", "1m20s"), 80 * time.Second, 60, 0},
		{"a date as RFC 3339", answer(200, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", now.Add(5*time.Second).Format(time.RFC3339)), 5 * time.Second, 0, 0},
		{"Discord", answer(200, "X-RateLimit-Limit", "5", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(time.Hour), "X-RateLimit-Reset-After", "1.25"), 1250 * time.Millisecond, 5, 0},
		{"Kong", answer(200, "X-RateLimit-Limit-Minute", "5", "X-RateLimit-Remaining-Minute", "0"), time.Minute, 5, 0},
		{"older drafts", answer(200, "RateLimit-Limit", "100, 100;w=60", "RateLimit-Remaining", "0", "RateLimit-Reset", "6"), 6 * time.Second, 100, 0},
		{"a draft with one header", answer(200, "RateLimit", "limit=100, remaining=0, reset=50"), 50 * time.Second, 100, 0},
		{"structured", answer(200, "RateLimit-Policy", `"default";q=100;w=10`, "RateLimit", `"default";r=50;t=5`), 0, 100, 50},
		{"structured, used up", answer(200, "RateLimit-Policy", `"default";q=100;w=10`, "RateLimit", `"default";r=0;t=5`), 5 * time.Second, 100, 0},
		{"structured, several", answer(200, "RateLimit-Policy", `"burst";q=10;w=1, "day";q=1000;w=86400`, "RateLimit", `"burst";r=9;t=1, "day";r=3;t=900`), 0, 1000, 3},
		{"structured, on two lines", answer(200, "RateLimit-Policy", `"a;b,c";q=7`, "RateLimit", `"z";r=9;t=1`, "RateLimit", `"a;b,c";r=0;t=2`), 2 * time.Second, 7, 0},
		{"structured, an open quote", answer(200, "RateLimit", `"a;r=0;t=2\`), 0, 0, none},
		{"used up, nobody says until when", answer(200, "X-RateLimit-Remaining", "0"), 0, 0, none},
		{"used up until yesterday", answer(200, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(-24*time.Hour)), 0, 0, none},
		{"used up for a month", answer(200, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", unix(30*24*time.Hour)), time.Hour, 0, 0},
		{"words", answer(200, "X-RateLimit-Remaining", "many", "X-RateLimit-Reset", "later"), 0, 0, none},
		{"a 429 with something left knows better", answer(429, "X-RateLimit-Remaining", "9", "X-RateLimit-Reset", "11"), 11 * time.Second, 0, 0},
		{"nothing", answer(200, "Content-Type", "text/plain"), 0, 0, none},
	} {
		g, clock := ruled(limited(0, 0, 10, time.Minute))
		g.learn(x.res)
		r := g.remaining()
		var held time.Duration
		if !r.Held.IsZero() {
			held = r.Held.Sub(clock.time())
		}
		if held != x.held || r.Known != (x.left != none) || r.Known && (r.Left != x.left || r.Limit != x.limit) {
			t.Errorf("%s: held for %v with %d of %d left (known %v), want %v with %d of %d", x.name, held, r.Left, r.Limit, r.Known, x.held, x.left, x.limit)
		}
		if (held > 0) != (r.Why != "") {
			t.Errorf("%s: held because %q", x.name, r.Why)
		}
	}
}

func TestRequestsWaitForAPauseThatTheServiceAskedFor(t *testing.T) {
	g, clock := ruled(limited(0, 0, 10, time.Minute))
	g.learn(answer(429, "Retry-After", "20"))
	out := g.lineUp(t.Context(), 2)
	clock.pass(19 * time.Second)
	gone(t, out, 0)
	g.learn(answer(429, "Retry-After", "5")) // asked again while they wait
	clock.pass(time.Second)
	gone(t, out, 0)
	clock.pass(4 * time.Second)
	gone(t, out, 2)
}

func TestAPauseThatIsTooLongFailsThoseInLine(t *testing.T) {
	g, clock := ruled(limited(0, 1, 10, 10*time.Second))
	out := g.lineUp(t.Context(), 3)
	held := gone(t, out, 1)[0]
	g.learn(answer(429, "Retry-After", "60"))
	held.ticket.leave()
	for _, e := range gone(t, out, 2) {
		var limit *LimitError
		if !errors.As(e.err, &limit) || limit.After != time.Minute || !strings.Contains(e.err.Error(), "api.acme.io asked for a pause (429)") {
			t.Errorf("got %v, want a limit free after a minute", e.err)
		}
	}
	if clock.waiting() != 0 {
		t.Errorf("%d timers are left", clock.waiting())
	}
}

func TestAQuotaIsNotOverdrawn(t *testing.T) {
	g, clock := ruled(limited(0, 0, 10, time.Minute))
	first, err := g.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first.answered(answer(200, "X-RateLimit-Limit", "10", "X-RateLimit-Remaining", "2", "X-RateLimit-Reset", "30"))
	out := g.lineUp(t.Context(), 3)
	two := gone(t, out, 2)
	if r := g.remaining(); r.Left != 0 || r.Waiting != 1 || r.InFlight != 2 || !strings.Contains(r.Why, "quota of 10") {
		t.Errorf("remaining %+v, want the quota used up and one waiting", r)
	}
	// One more was left than we counted: the service knows.
	two[0].ticket.answered(answer(200, "X-RateLimit-Limit", "10", "X-RateLimit-Remaining", "2", "X-RateLimit-Reset", "30"))
	gone(t, out, 1)
	late := g.lineUp(t.Context(), 1)
	clock.pass(29 * time.Second)
	gone(t, late, 0)
	clock.pass(time.Second)
	gone(t, late, 1)
}

func TestWithoutLimitsARequestCostsNothing(t *testing.T) {
	g, _ := ruled(limited(0, 0, 10, time.Minute))
	res := answer(200)
	if n := testing.AllocsPerRun(100, func() {
		ticket, err := g.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ticket.answered(res)
	}); n > 0 {
		t.Errorf("%v allocations, want none", n)
	}
}
