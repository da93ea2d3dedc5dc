package httpcard

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const maxRetryAfter = 24 * time.Hour

// retryAfter reads a Retry-After header: seconds, or a date. 0 when it says nothing.
func retryAfter(header string, now func() time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(maxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	if now == nil {
		now = time.Now
	}
	return min(max(at.Sub(now()), 0), maxRetryAfter)
}
