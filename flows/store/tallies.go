package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"flowdeck/meter"
)

// The kinds of things that are tallied.
const (
	TallyAll        = "all"        // every run
	TallyRuns       = "run"        // the runs of a flow
	TallySteps      = "step"       // the attempts at a step
	TallyConnection = "connection" // the requests through a connection
)

// Span is a length of time by which things are tallied, and how long that is kept.
type Span struct{ Length, Kept time.Duration }

// TallySpans returns the spans, the shortest first.
func TallySpans() [4]Span {
	const hour, day = time.Hour, 24 * time.Hour
	return [4]Span{{time.Minute, 3 * hour}, {15 * time.Minute, 2 * day}, {2 * hour, 32 * day}, {day, 400 * day}}
}

// TallyRow is what one process counted of one thing in one stretch of time.
type TallyRow struct {
	Span    time.Duration
	Slot    time.Time // its beginning
	Kind    string
	Subject string // id of a flow, "flow/step" or id of a connection; "" for all, or without one
	Node    string // the process
	Count   meter.Count
}

// talliesAtOnce is how many rows one change writes: others write in between.
const talliesAtOnce = 24

// PutTallies writes rows, in place of what the same process has written for the same stretch.
func (s *Store) PutTallies(ctx context.Context, rows []TallyRow) error {
	for chunk := range slices.Chunk(rows, talliesAtOnce) {
		err := s.writer.do(ctx, func(t *tx) error {
			for _, r := range chunk {
				_, err := t.exec(`insert into tallies (span, kind, slot, subject, node, done, failed, cancelled, took, spread) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
					on conflict (span, kind, slot, subject, node) do update set done = excluded.done, failed = excluded.failed,
					cancelled = excluded.cancelled, took = excluded.took, spread = excluded.spread`,
					r.Span.Microseconds(), r.Kind, micros(r.Slot), r.Subject, r.Node, r.Count.All(), r.Count.Failed, r.Count.Cancelled, r.Count.Sum, spreadText(r.Count.Spread))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return failed("keep tallies", err)
		}
	}
	return nil
}

// DropTallies deletes what is older than its span is kept.
func (s *Store) DropTallies(ctx context.Context, now time.Time) error {
	for _, span := range TallySpans() {
		if _, err := s.change(ctx, `delete from tallies where span = ? and slot < ?`, span.Length.Microseconds(), micros(now.Add(-span.Kept))); err != nil {
			return failed("drop tallies", err)
		}
	}
	return nil
}

// TallyPoint is what all processes counted in a stretch of time.
type TallyPoint struct {
	Slot  time.Time
	Count meter.Count
}

// TalliesOverTime returns the stretches since a time in which something happened, in order.
func (s *Store) TalliesOverTime(ctx context.Context, span time.Duration, kind, subject string, since time.Time) (list []TallyPoint, err error) {
	err = s.each(ctx, `select slot, failed, cancelled, took, spread from tallies where span = ? and kind = ? and slot >= ? and subject = ? order by slot`,
		[]any{span.Microseconds(), kind, micros(since), subject}, func(scan scan) error {
			var p TallyPoint
			if err := scanTally(scan, instant{&p.Slot}, &p.Count); err != nil {
				return err
			}
			if last := len(list) - 1; last >= 0 && list[last].Slot.Equal(p.Slot) {
				list[last].Count.Add(p.Count)
			} else {
				list = append(list, p)
			}
			return nil
		})
	return list, failed("read tallies", err)
}

// TallySum is what was counted of one thing.
type TallySum struct {
	Subject string
	Count   meter.Count
}

// TalliesBySubject adds up what happened since a time, by subject. With within, only
// subjects that begin like it count.
func (s *Store) TalliesBySubject(ctx context.Context, span time.Duration, kind, within string, since time.Time) (list []TallySum, err error) {
	by := map[string]int{}
	err = s.each(ctx, `select subject, failed, cancelled, took, spread from tallies where span = ? and kind = ? and slot >= ? and subject like ? escape '\'`,
		[]any{span.Microseconds(), kind, micros(since), strings.TrimPrefix(likeExactly(within), "%")}, func(scan scan) error {
			var x TallySum
			if err := scanTally(scan, &x.Subject, &x.Count); err != nil {
				return err
			}
			i, known := by[x.Subject]
			if !known {
				i = len(list)
				by[x.Subject] = i
				list = append(list, TallySum{Subject: x.Subject})
			}
			list[i].Count.Add(x.Count)
			return nil
		})
	return list, failed("read tallies", err)
}

func scanTally(scan scan, first any, c *meter.Count) error {
	var spread string
	if err := scan(first, &c.Failed, &c.Cancelled, &c.Sum, &spread); err != nil {
		return err
	}
	return readSpread(spread, &c.Spread)
}

// spreadText is the buckets that are not empty.
func spreadText(s meter.Spread) string {
	var b []byte
	for i, n := range s.Counts {
		if n == 0 {
			continue
		}
		if len(b) > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendInt(b, int64(i), 10), ':')
		b = strconv.AppendInt(b, n, 10)
	}
	return string(b)
}

func readSpread(text string, into *meter.Spread) error {
	for text != "" {
		var part string
		part, text, _ = strings.Cut(text, ",")
		bucket, n, _ := strings.Cut(part, ":")
		i, err1 := strconv.Atoi(bucket)
		count, err2 := strconv.ParseInt(n, 10, 64)
		if err1 != nil || err2 != nil || i < 0 || i >= meter.Buckets {
			return fmt.Errorf("a tally says %q, which is no bucket", part)
		}
		into.Counts[i] += count
	}
	return nil
}
