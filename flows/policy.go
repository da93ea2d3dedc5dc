package flows

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"flowdeck/cards"
)

// maxWait bounds how long a policy may ask to wait.
const maxWait = 24 * time.Hour

var (
	knownCodes = []string{
		"any", cards.CodeTimeout, cards.CodeDNS, cards.CodeConnect, cards.CodeTLS, cards.CodeReset, cards.CodeTooLarge, cards.CodeBlocked,
		cards.CodeSignIn, cards.CodeInvalidInput, cards.CodeInvalidResponse, cards.CodeLimit, cards.CodeInterrupted, cards.CodeUnknownOutcome,
	}
	httpCode = regexp.MustCompile(`^http_[1-5]([0-9][0-9]|xx)$`)
)

// policy checks what is to happen when the step fails.
func (c *compiler) policy(p *placed) {
	policy := &p.step.Policy
	if d := policy.Timeout.Duration; d < 0 || d > maxWait {
		c.problem(p.ID, "policy.timeout", "must be between 0 and 24h, got %s", d)
	}
	if !slices.Contains([]string{"", "stop", "continue", OnCatch}, policy.OnError) {
		c.problem(p.ID, "policy.on_error", `must be "stop", "continue" or "catch", got %q`, policy.OnError)
	}
	if !slices.Contains([]string{"", "fail", "repeat"}, policy.InDoubt) {
		c.problem(p.ID, "policy.in_doubt", `must be "fail" or "repeat", got %q`, policy.InDoubt)
	}
	if len(policy.Retry) > 0 && p.Card.Kind == cards.Control {
		c.problem(p.ID, "policy.retry", "%s cannot be tried again; the cards inside of it can", p.Title)
	}
	for i, r := range policy.Retry {
		c.retry(p, fmt.Sprintf("policy.retry.%d", i), r)
	}
}

func (c *compiler) retry(p *placed, at string, r Retry) {
	if len(r.Match) == 0 {
		c.problem(p.ID, at+".match", `is required: say which errors are tried again, such as "http_5xx" or "any"`)
	}
	for _, code := range r.Match {
		if !slices.Contains(knownCodes, code) && !cards.HasClass(code) && !httpCode.MatchString(code) {
			c.problem(p.ID, at+".match", "there is no error %q; there are http_503, http_5xx, timeout, connect and so on, and any", code)
		}
	}
	if r.Attempts < 2 || r.Attempts > 20 {
		c.problem(p.ID, at+".attempts", "must be between 2 and 20, the first included, got %d", r.Attempts)
	}
	if d := r.Interval.Duration; d < 0 || d > maxWait {
		c.problem(p.ID, at+".interval", "must be between 0 and 24h, got %s", d)
	}
	if d := r.Max.Duration; d < 0 || d > maxWait {
		c.problem(p.ID, at+".max", "must be between 0 and 24h, got %s", d)
	}
	if b := r.Backoff; b != 0 && (b < 1 || b > 10) {
		c.problem(p.ID, at+".backoff", "must be between 1 and 10, got %v", b)
	}
}
