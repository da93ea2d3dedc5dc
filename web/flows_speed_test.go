package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"flowdeck/flows"
)

// manyFlows is how many flows the list must stay fast with.
const manyFlows = 10_000

func BenchmarkListOfTenThousandFlows(b *testing.B) {
	p, visitor := fullPlace(b, manyFlows)
	for _, path := range []string{"/flows", "/flows?q=customer", "/flows?state=on", "/flows?state=failing", "/flows?label=crm"} {
		b.Run(path, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				visitor.get(path)
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
	_ = p
}

// fullPlace is a place with n flows, a tenth of them live, and some runs.
func fullPlace(t testing.TB, n int) (*place, *browser) {
	p := newPlace(t)
	owner := p.owner()
	for i := range n {
		id := p.flow(fmt.Sprintf("Customer %05d", i), answering(""), func(f *flows.Flow) {
			if i%7 == 0 {
				f.Labels = []string{"crm", fmt.Sprintf("team %d", i%20)}
			}
		})
		if i%10 == 0 {
			p.publish(id)
		}
		if i%50 == 0 {
			p.ended(id, flows.Failed)
			p.ended(id, flows.Succeeded)
			p.ended(id, flows.Failed)
		}
	}
	owner.get("/flows").want(http.StatusOK, fmt.Sprintf("%d flows", n))
	return p, owner
}
