package runner

import (
	"context"
	"strings"
	"testing"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// counting is a journal that counts the entries which are written to it.
type counting struct {
	flows.Journal
	entries int
}

func (c *counting) Append(_ context.Context, _ string, _ int64, entries []flows.Entry) error {
	c.entries += len(entries)
	return nil
}

// TestEntriesAreHeldBackByWhatTheyTake adds entries until they have to be written: so many,
// or fewer that are large, or fewer while those of other runs take much.
func TestEntriesAreHeldBackByWhatTheyTake(t *testing.T) {
	for _, x := range []struct {
		name           string
		size           int   // of what an entry puts out, in bytes
		others         int64 // bytes of other runs
		atLeast, below int
	}{
		{"small ones", 10, 0, mostPending, mostPending + 1},
		{"large ones", 64 << 10, 0, manyPending + 1, manyPending + 60},
		{"small ones beside those of many runs", 10, mostHeldOfAll + 1, manyPending + 1, manyPending + 2},
	} {
		executor := New(Options{})
		executor.held.Store(x.others)
		journal := &counting{}
		l := &ledger{journal: journal, x: executor, done: func(Commit) {}}
		a := &flows.Attempt{Path: "say", Output: schema.Values{"text": strings.Repeat("x", x.size)}}
		n := 0
		for ; journal.entries == 0 && n <= mostPending; n++ {
			l.add(a)
			if err := l.relieve(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n < x.atLeast || n >= x.below || journal.entries != n {
			t.Errorf("%s: %d entries were written after %d; want them after %d, and before %d", x.name, journal.entries, n, x.atLeast, x.below)
		}
		if got := executor.held.Load(); got != x.others {
			t.Errorf("%s: %d bytes are counted when all is written, want %d", x.name, got, x.others)
		}
		for range manyPending + 10 {
			l.add(a)
		}
		l.close()
		l.add(a)
		if got := executor.held.Load(); got != x.others {
			t.Errorf("%s: %d bytes are counted when the segment is over, want %d", x.name, got, x.others)
		}
	}
}

// TestManyNewRunsAreWrittenLater has a run that begins among many wait longer, until it is there.
func TestManyNewRunsAreWrittenLater(t *testing.T) {
	for _, x := range []struct{ busy, there bool }{{false, false}, {true, false}, {true, true}} {
		l := &ledger{busy: x.busy, unborn: &flows.Run{}}
		if x.there {
			l.unborn = nil
		}
		want := linger
		if x.busy && !x.there {
			want = busyLinger
		}
		if got := l.linger(); got != want {
			t.Errorf("busy %t, there %t: what is pending waits for %s, want %s", x.busy, x.there, got, want)
		}
	}
}
