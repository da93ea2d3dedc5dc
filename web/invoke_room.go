package web

import (
	"net/http"

	"golang.org/x/sync/semaphore"
)

// Bodies of calls are held in memory from the first byte to the answer, all
// together at most bodyRoom bytes. Bodies below smallBody are not counted: the
// bound on runs bounds them.
const (
	bodyRoom  = 256 << 20
	smallBody = 64 << 10
)

// bodyBudget shares bodyRoom out.
type bodyBudget struct{ room *semaphore.Weighted }

func newBodyBudget() bodyBudget { return bodyBudget{semaphore.NewWeighted(bodyRoom)} }

// take keeps room for the body of a call that may have limit bytes. It reports
// false when there is none; release gives the room back.
func (b bodyBudget) take(r *http.Request, limit int64) (release func(), ok bool) {
	size := r.ContentLength
	if size < 0 {
		size = limit // it comes in chunks, and nobody knows how many
	}
	if size = min(size, limit, bodyRoom); size < smallBody {
		return func() {}, true
	}
	if !b.room.TryAcquire(size) {
		return nil, false
	}
	return func() { b.room.Release(size) }, true
}
