package meter

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Buckets is how many buckets a Histogram has. The bound of each is √2 times that of
// the one before, from 64 µs to twelve days; the last one has no bound.
const Buckets = 70

// firstBits is log2 of the bound below which everything is in the first bucket, in µs.
const firstBits = 6

// Histogram counts how long things took. It costs two additions each time, and no lock.
type Histogram struct {
	counts [Buckets]atomic.Int64
	sum    atomic.Int64 // µs
}

// Observe counts one thing that took d. A clock that went back counts as nothing at all.
func (h *Histogram) Observe(d time.Duration) {
	us := max(d.Microseconds(), 0)
	h.counts[bucketOf(us)].Add(1)
	h.sum.Add(us)
}

// bucketOf is the bucket of a time in µs.
func bucketOf(us int64) int {
	if us < 1<<firstBits {
		return 0
	}
	k := bits.Len64(uint64(us)) - 1
	half := 0
	lost := max(k-31, 0)                                   // bits that a square has no room for
	if u := uint64(us) >> lost; u*u >= 1<<(2*(k-lost)+1) { // us ≥ √2·2^k
		half = 1
	}
	return min(2*(k-firstBits)+half+1, Buckets-1)
}

// bound is what is in a bucket took less than, in µs; of buckets with an even number
// it is a power of two.
func bound(bucket int) float64 {
	b := float64(int64(1) << (firstBits + bucket/2))
	if bucket%2 == 1 {
		b *= 1.4142135623730951
	}
	return b
}

// Read returns what was counted so far.
func (h *Histogram) Read() (s Spread) {
	for i := range h.counts {
		s.Counts[i] = h.counts[i].Load()
	}
	s.Sum = h.sum.Load()
	return s
}

// Spread is a Histogram at a moment, or the difference between two moments.
type Spread struct {
	Counts [Buckets]int64
	Sum    int64 // µs
}

// Count is how many things were counted.
func (s *Spread) Count() (n int64) {
	for _, c := range s.Counts {
		n += c
	}
	return n
}

// Add adds what another one counted.
func (s *Spread) Add(o Spread) {
	for i, c := range o.Counts {
		s.Counts[i] += c
	}
	s.Sum += o.Sum
}

// Since is what was counted after an earlier moment.
func (s Spread) Since(earlier Spread) Spread {
	for i, c := range earlier.Counts {
		s.Counts[i] -= c
	}
	s.Sum -= earlier.Sum
	return s
}

// Quantile is the time that the share q of all things stayed below, about: it may be
// off by a fifth. 0 when nothing was counted.
func (s *Spread) Quantile(q float64) time.Duration {
	rank := q * float64(s.Count())
	var before float64
	for i, c := range s.Counts {
		if n := float64(c); n > 0 && before+n >= rank {
			low := 0.0
			if i > 0 {
				low = bound(i - 1)
			}
			return time.Duration((low + (bound(i)-low)*(rank-before)/n) * float64(time.Microsecond))
		} else {
			before += n
		}
	}
	return 0
}

// Mean is the time that things took on average; 0 when nothing was counted.
func (s *Spread) Mean() time.Duration {
	n := s.Count()
	if n == 0 {
		return 0
	}
	return time.Duration(s.Sum/n) * time.Microsecond
}
