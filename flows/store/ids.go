package store

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// NewID returns prefix and a UUIDv7: later ids sort after earlier ones.
func NewID(prefix string) string { return prefix + uuid.Must(uuid.NewV7()).String() }

const runPrefix = "r_"

// firstRunID is not after any run id made at t or later.
func firstRunID(t time.Time) string {
	var u uuid.UUID
	ms := max(t.UnixMilli(), 0)
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	return runPrefix + u.String()
}

// idTime is when a run id was made, to the millisecond; 1970 of what is no such id.
func idTime(id string) time.Time {
	u, err := uuid.Parse(strings.TrimPrefix(id, runPrefix))
	if err != nil {
		return time.UnixMilli(0)
	}
	var ms int64
	for _, b := range u[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms)
}

// idRange returns the first and the last run id that begin like q, which may lack the
// prefix when it is long; ok is false when q is not the beginning of an id. Without the
// prefix it may as well be the id of something else.
func idRange(q string) (first, last string, ok bool) {
	q, sure := strings.CutPrefix(strings.ToLower(strings.TrimSpace(q)), runPrefix)
	const low, high = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"
	if !sure && len(q) <= len("00000000") || len(q) > len(low) {
		return "", "", false
	}
	for i, c := range q {
		if dash := low[i] == '-'; dash != (c == '-') || !dash && !strings.ContainsRune("0123456789abcdef", c) {
			return "", "", false
		}
	}
	return runPrefix + q + low[len(q):], runPrefix + q + high[len(q):], true
}
