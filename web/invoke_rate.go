package web

import (
	"crypto/sha256"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// tooSoon returns how long callers of an endpoint that is asked too often have to wait.
// All that may come in a minute may come at once; each of them makes way again at that
// pace. Of several servers each lets its share through.
func (s *Server) tooSoon(ep endpoint) time.Duration {
	rate := ep.Settings.Rate
	if rate <= 0 {
		return 0
	}
	rate = max(rate/s.Store.Servers(), 1)
	key := sha256.Sum256(fmt.Appendf(nil, "flow %s %d", ep.FlowID, rate))
	return s.authority.limits.take(key, time.Minute/time.Duration(rate), rate)
}

func tooMany(wait time.Duration) *refusal {
	r := &refusal{Status: http.StatusTooManyRequests, Code: "too_many_requests", Title: "This endpoint was called too often",
		Detail: "Nothing was started. Try again when the time in Retry-After has passed."}
	return r.with("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}
