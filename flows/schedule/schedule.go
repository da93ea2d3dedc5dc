package schedule

import "time"

// Bounds of times that were missed.
const (
	// Grace is how late a time may be and still count as kept: servers take a moment to start.
	Grace = time.Minute
	// MostMissed is how many missed times of one schedule are made up for, the newest ones.
	MostMissed = 100
)

// Schedule is a rule that was read.
type Schedule struct {
	when    when
	zone    *time.Location
	missed  string
	overlap string
	text    string
}

// when is a kind of rule.
type when interface {
	// next returns the first time after another, zero when there is none.
	next(after time.Time) time.Time
}

// Next returns the first time after another at which the flow is due, in the schedule's
// zone and to the second; zero when there is none.
func (s *Schedule) Next(after time.Time) time.Time {
	t := s.when.next(after.In(s.zone))
	if t.IsZero() {
		return t
	}
	return t.In(s.zone)
}

// Zone is whose clock counts.
func (s *Schedule) Zone() *time.Location { return s.zone }

// String says the rule in a few words: "every day at 09:00".
func (s *Schedule) String() string { return s.text }

// Alone reports whether a run begins only when the one before has ended.
func (s *Schedule) Alone() bool { return s.overlap == "skip" || s.overlap == "wait" }

// Waits reports whether a time waits for the run before it, instead of being skipped.
func (s *Schedule) Waits() bool { return s.overlap == "wait" }

// Held is Due for a time that has waited for the run before it: it is not missed, however
// late it is.
func (s *Schedule) Held(first, now time.Time) (times []time.Time, next time.Time) {
	if s.missed == "all" {
		return s.Due(first, now)
	}
	return s.latest(first, now, 1), s.Next(now)
}

// Due returns the times to run for at now, oldest first, when everything before first,
// which is one of its times, is done already; and the next time after now.
func (s *Schedule) Due(first, now time.Time) (times []time.Time, next time.Time) {
	next = s.Next(now)
	if first.After(now) {
		return nil, first.In(s.zone)
	}
	switch s.missed {
	case "all":
		times = s.latest(first, now, MostMissed)
	case "skip":
		times = s.latest(first, now, 1)
		if len(times) > 0 && now.Sub(times[0]) > Grace {
			times = nil
		}
	default:
		times = s.latest(first, now, 1)
	}
	return times, next
}

// latest returns the last times from first to now, at most n of them. It looks back in
// steps that grow, so that a long absence costs no more than a short one.
func (s *Schedule) latest(first, now time.Time, n int) []time.Time {
	for back := 2 * time.Minute; ; back *= 2 {
		from := now.Add(-back)
		whole := !from.After(first)
		if whole {
			from = first.Add(-time.Second)
		}
		var list []time.Time
		for t := s.Next(from); !t.IsZero() && !t.After(now); t = s.Next(t) {
			list = append(list, t)
		}
		if len(list) > n {
			list = list[len(list)-n:]
		}
		if whole || len(list) == n {
			return list
		}
	}
}
