package runner

import (
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

func TestRetryWait(t *testing.T) {
	const s = time.Second
	every := func(d time.Duration) flows.Duration { return flows.Duration{Duration: d} }
	busy := flows.Retry{Match: []string{"http_429", "http_5xx"}, Attempts: 5, Interval: every(2 * s), Backoff: 3, Max: every(30 * s)}
	any := flows.Retry{Match: []string{"any"}, Attempts: 2, Interval: every(s)}
	jitter := flows.Retry{Match: []string{"any"}, Attempts: 2, Interval: every(4 * s), Jitter: true}
	for _, c := range []struct {
		name     string
		rules    []flows.Retry
		err      cards.Error
		failures int
		wait     time.Duration
		again    bool
	}{
		{"no rule", nil, cards.Error{Code: "http_503"}, 1, 0, false},
		{"no match", []flows.Retry{busy}, cards.Error{Code: "http_404"}, 1, 0, false},
		{"first wait", []flows.Retry{busy}, cards.Error{Code: "http_503"}, 1, 2 * s, true},
		{"second wait grows", []flows.Retry{busy}, cards.Error{Code: "http_503"}, 2, 6 * s, true},
		{"bounded by max", []flows.Retry{busy}, cards.Error{Code: "http_503"}, 4, 30 * s, true},
		{"attempts used up", []flows.Retry{busy}, cards.Error{Code: "http_503"}, 5, 0, false},
		{"first rule that matches counts", []flows.Retry{any, busy}, cards.Error{Code: "http_503"}, 2, 0, false},
		{"another rule for another error", []flows.Retry{busy, any}, cards.Error{Code: "timeout"}, 1, s, true},
		{"any leaves bugs alone", []flows.Retry{any}, cards.Error{Code: cards.CodeBug}, 1, 0, false},
		{"any leaves cancelling alone", []flows.Retry{any}, cards.Error{Code: cards.CodeCancelled}, 1, 0, false},
		{"an unknown outcome is never repeated", []flows.Retry{any}, cards.Error{Code: cards.CodeUnknownOutcome}, 1, 0, false},
		{"the service asks for longer", []flows.Retry{busy}, cards.Error{Code: "http_429", After: 90 * s}, 1, 90 * s, true},
		{"the service asks for less", []flows.Retry{busy}, cards.Error{Code: "http_429", After: s}, 1, 2 * s, true},
		{"the service asks for too much", []flows.Retry{busy}, cards.Error{Code: "http_429", After: 25 * time.Hour}, 1, time.Hour, true},
		{"jitter is between half and all", []flows.Retry{jitter}, cards.Error{Code: "timeout"}, 1, 3 * s, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			wait, again := retryWait(c.rules, &c.err, c.failures, func() float64 { return 0.5 })
			if wait != c.wait || again != c.again {
				t.Errorf("after failure %d with %s: wait %s, again %v; want %s, %v", c.failures, c.err.Code, wait, again, c.wait, c.again)
			}
		})
	}
}
