package web

import (
	"testing"
	"time"

	"flowdeck/flows"
)

func TestHowFarALoopIsInWords(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		done, of int
		since    time.Duration
		want     string
	}{
		{0, 1, time.Minute, "0 of 1 round"},
		{3, 10, 500 * time.Millisecond, "3 of 10 rounds"},
		{120, 1000, 4 * time.Second, "120 of 1,000 rounds · 30 a second · about 29.3 s left"},
		{2, 4, time.Minute, "2 of 4 rounds · 2 a minute · about 1 min left"},
		{1, 3, 2 * time.Hour, "1 of 3 rounds · 1 an hour · about 4 h left"},
		{10, 10, 2 * time.Second, "10 of 10 rounds · 5 a second"},
	} {
		if got := progressWords(flows.Progress{Done: c.done, Of: c.of, Began: now.Add(-c.since)}, now); got != c.want {
			t.Errorf("%d of %d after %s: %q, want %q", c.done, c.of, c.since, got, c.want)
		}
	}
}
