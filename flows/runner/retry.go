package runner

import (
	"math"
	"slices"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
)

// longestAsked bounds what a Retry-After may make a run wait.
const longestAsked = time.Hour

// retryWait says how long to wait before the next attempt, after failures
// attempts have failed, the last with e. Nothing is tried again unless a rule
// asks for it, and nothing whose outcome is unknown: Policy.InDoubt decides that.
func retryWait(rules []flows.Retry, e *cards.Error, failures int, random func() float64) (time.Duration, bool) {
	if e.Code == cards.CodeUnknownOutcome {
		return 0, false
	}
	i := slices.IndexFunc(rules, func(r flows.Retry) bool {
		return slices.ContainsFunc(r.Match, func(m string) bool { return cards.Matches(m, e.Code) })
	})
	if i < 0 || failures >= rules[i].Attempts {
		return 0, false
	}
	rule := rules[i]
	wait := backoff(rule, failures)
	if rule.Jitter {
		wait = wait/2 + time.Duration(random()*float64(wait/2))
	}
	return max(wait, min(e.After, longestAsked)), true
}

func backoff(rule flows.Retry, failures int) time.Duration {
	wait := float64(rule.Interval.Duration)
	if rule.Backoff > 0 {
		wait *= math.Pow(rule.Backoff, float64(failures-1))
	}
	longest := float64(rule.Max.Duration)
	if longest <= 0 {
		longest = float64(24 * time.Hour)
	}
	return time.Duration(min(wait, longest))
}
