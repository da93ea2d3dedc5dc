package meter

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestBucketsHoldWhatTheirBoundsSay(t *testing.T) {
	for _, us := range []int64{0, 1, 63, 64, 65, 90, 91, 127, 128, 181, 182, 1000, 1414, 1448, 1449, 1e6, 3.6e9, 1<<31 + 1, 3037000500, 1 << 33, 86400e6, 12e10, 1 << 40, math.MaxInt64} {
		i := bucketOf(us)
		low := 0.0
		if i > 0 {
			low = bound(i - 1)
		}
		if high := bound(i); float64(us) < low || float64(us) >= high && i < Buckets-1 {
			t.Errorf("%d µs is in bucket %d, from %.0f to %.0f", us, i, low, high)
		}
	}
}

func TestQuantilesAreNearTheTruth(t *testing.T) {
	var h Histogram
	for i := 1; i <= 1000; i++ {
		h.Observe(time.Duration(i) * time.Millisecond)
	}
	s := h.Read()
	for q, want := range map[float64]time.Duration{.5: 500 * time.Millisecond, .95: 950 * time.Millisecond} {
		if got := s.Quantile(q); math.Abs(float64(got-want)) > .2*float64(want) {
			t.Errorf("quantile %v = %s, want about %s", q, got, want)
		}
	}
	if got := s.Mean(); got != 500500*time.Microsecond {
		t.Errorf("mean = %s, want 500.5ms", got)
	}
	if got := new(Spread).Quantile(.5); got != 0 {
		t.Errorf("quantile of nothing = %s, want 0", got)
	}
}

// Runs that wait for people take days.
func TestQuantilesOfDaysAreNearTheTruth(t *testing.T) {
	var h Histogram
	for i := 1; i <= 100; i++ {
		h.Observe(time.Duration(i) * time.Hour)
	}
	s := h.Read()
	for q, want := range map[float64]time.Duration{.5: 50 * time.Hour, .95: 95 * time.Hour} {
		if got := s.Quantile(q); math.Abs(float64(got-want)) > .2*float64(want) {
			t.Errorf("quantile %v = %s, want about %s", q, got, want)
		}
	}
}

func TestPageIsWhatPrometheusReads(t *testing.T) {
	var tally Tally
	tally.Observe(3 * time.Millisecond)
	tally.Observe(2 * time.Hour)
	tally.Failed.Add(1)
	c := tally.Read()
	p := &Page{}
	p.Counter("flowdeck_runs_total", "Runs.")
	p.Value(float64(c.Failed), "flow", "a \"b\"\n\\", "outcome", "failed")
	p.Gauge("flowdeck_ready", "Ready.")
	p.Value(2)
	p.Histogram("flowdeck_seconds", "Time.")
	p.Times(c.Spread, "card", "http.get")
	got := p.String()
	for _, want := range []string{
		"# TYPE flowdeck_runs_total counter\nflowdeck_runs_total{flow=\"a \\\"b\\\"\\n\\\\\",outcome=\"failed\"} 1\n",
		"flowdeck_ready 2\n",
		"flowdeck_seconds_bucket{card=\"http.get\",le=\"0.001024\"} 0\n",
		"flowdeck_seconds_bucket{card=\"http.get\",le=\"0.004096\"} 1\n",
		"flowdeck_seconds_bucket{card=\"http.get\",le=\"+Inf\"} 2\n",
		"flowdeck_seconds_sum{card=\"http.get\"} 7200.003\n",
		"flowdeck_seconds_count{card=\"http.get\"} 2\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q:\n%s", want, got)
		}
	}
}

// Names come from people: Prometheus takes nothing of a page with one that is no UTF-8.
func TestLabelsAreUTF8(t *testing.T) {
	p := &Page{}
	p.Gauge("flowdeck_connection_info", "Names.")
	p.Value(1, "name", "caf\xe9")
	if got := p.String(); !utf8.ValidString(got) || !strings.Contains(got, `name="caf�"`) {
		t.Errorf("the page says %q", got)
	}
}

func BenchmarkObserve(b *testing.B) {
	var h Histogram
	for i := 0; b.Loop(); i++ {
		h.Observe(time.Duration(i) * time.Microsecond)
	}
}
