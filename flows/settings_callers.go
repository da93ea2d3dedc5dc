package flows

import (
	"net/url"
	"strconv"
	"strings"
)

// Bounds of who may be let in.
const (
	MostIssuers = 10
	MostRules   = 20 // of the claims of one issuer
	MostApps    = 500
	MostRate    = 1_000_000 // calls a minute
	MostAtOnce  = 10_000    // runs of one endpoint at a time
)

// checkCallers says what is wrong with who may call.
func (s Settings) checkCallers(add func(field, message string, args ...any)) {
	if strings.ContainsAny(s.Scope, " \t\n\"\\") || len(s.Scope) > 100 {
		add("scope", "must be one word without quotes, such as orders.write")
	}
	if s.Rate < 0 || s.Rate > MostRate {
		add("rate", "must be a whole number of calls a minute up to %d, or 0 for no limit", MostRate)
	}
	if s.Concurrency < 0 || s.Concurrency > MostAtOnce {
		add("concurrency", "must be a whole number of runs up to %d, or 0 for no limit", MostAtOnce)
	}
	if len(s.Apps) > MostApps {
		add("apps", "are too many: at most %d", MostApps)
	}
	if len(s.Issuers) > MostIssuers {
		add("issuers", "are too many: at most %d", MostIssuers)
	}
	for i, x := range s.Issuers {
		at := "issuers." + strconv.Itoa(i) + "."
		if u, err := url.Parse(x.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			add(at+"url", "must be a whole address, https:// first")
		}
		if x.Audience == "" {
			add(at+"audience", "is required: the aud of the tokens that are meant for this endpoint")
		}
		for _, rule := range x.Claims {
			if name, value, ok := strings.Cut(rule, "="); !ok || strings.TrimSpace(name) == "" || strings.TrimSpace(value) == "" || len(x.Claims) > MostRules {
				add(at+"claims", "“%s” is no rule; write department = finance, up to %d of them", firstLetters(rule, 60), MostRules)
			}
		}
	}
}
