package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"flowdeck/cards"
	"flowdeck/flows"
	"flowdeck/views"
)

// drawPolicy draws what happens when a step fails.
func drawPolicy(x drawn) *views.Policy {
	p := x.step.Policy
	m := &views.Policy{Summary: policyWords(p), Timeout: durationText(p.Timeout.Duration), OnError: p.OnError, Problem: problemAt(x.problem, "policy")}
	if m.OnError == "" {
		m.OnError = "stop"
	}
	m.Retries = x.card.Kind == cards.Function
	if m.Retries && !x.card.SafeToRepeat(x.step.Inputs) {
		if m.InDoubt = p.InDoubt; m.InDoubt == "" {
			m.InDoubt = "fail"
		}
	}
	for i, r := range p.Retry {
		prefix := fmt.Sprintf("policy.retry.%d", i)
		rule := views.RetryRule{Match: strings.Join(r.Match, ", "), Attempts: strconv.Itoa(r.Attempts), Interval: durationText(r.Interval.Duration),
			Max: durationText(r.Max.Duration), Jitter: r.Jitter, Problem: problemUnder(x.problem, prefix)}
		if r.Backoff != 0 {
			rule.Backoff = strconv.FormatFloat(r.Backoff, 'g', -1, 64)
		}
		m.Rules = append(m.Rules, rule)
	}
	return m
}

func problemUnder(list flows.Problems, prefix string) string {
	for _, p := range list {
		if p.Field == prefix || strings.HasPrefix(p.Field, prefix+".") {
			name := strings.TrimPrefix(strings.TrimPrefix(p.Field, prefix), ".")
			return strings.TrimSpace(name + " " + p.Message)
		}
	}
	return ""
}

// policyWords is the policy in a few words: "retry 3×, then stop".
func policyWords(p flows.Policy) string {
	end := "stop"
	switch p.OnError {
	case "continue":
		end = "continue"
	case flows.OnCatch:
		end = "catch"
	}
	most := 0
	for _, r := range p.Retry {
		most = max(most, r.Attempts-1)
	}
	if most < 1 {
		return end
	}
	return "retry " + strconv.Itoa(most) + "×, then " + end
}

func durationText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = text[:len(text)-2]
	}
	if strings.HasSuffix(text, "h0m") {
		text = text[:len(text)-2]
	}
	return text
}

// defaultRetry is the rule that a press on "Add a rule" adds.
func defaultRetry() flows.Retry {
	return flows.Retry{Match: []string{"http_429", "http_5xx", "timeout", "connect"}, Attempts: 3,
		Interval: flows.Duration{Duration: time.Second}, Backoff: 2, Max: flows.Duration{Duration: time.Minute}, Jitter: true}
}
