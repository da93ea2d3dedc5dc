package date

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestMonthsEndWhereTheyEnd(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2026-01-31", 2, "2026-03-31"}, {"2026-03-31", -1, "2026-02-28"},
		{"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"}, {"2026-12-15", 1, "2027-01-15"}, {"2026-01-15", -13, "2024-12-15"}, {"2026-05-31", 1, "2026-06-30"},
	} {
		from, _ := time.Parse(time.DateOnly, c.from)
		if got := plusMonths(from, c.months).Format(time.DateOnly); got != c.want {
			t.Errorf("%s and %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

// The months, days and time between two dates lead from one to the other.
func TestWhatIsBetweenLeadsToTheEnd(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"} {
		zone := in(t, name)
		for range 2000 {
			start := time.Unix(random.Int64N(4e9), random.Int64N(1e9)).In(zone)
			end := start.Add(time.Duration(random.Int64N(int64(5 * 365 * 24 * time.Hour))))
			s := between(start, end)
			d, err := readDuration("", s.Duration)
			if err != nil {
				t.Fatalf("between(%v, %v) = %s: %v", start, end, s.Duration, err)
			}
			got, err := d.after(start)
			if err != nil || !got.Equal(end) {
				t.Fatalf("%v and %s = %v, %v, want %v", start, s.Duration, got, err, end)
			}
			if back := between(end, start); back.Months != -s.Months || back.Days != -s.Days || back.Milliseconds != -s.Milliseconds || d.days > 31 || d.time < 0 {
				t.Fatalf("between(%v, %v) = %+v, back %+v", start, end, s, back)
			}
		}
	}
}

func TestUnitsBeginBeforeTheyEnd(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"} {
		for range 1000 {
			at := time.Unix(random.Int64N(2e9), random.Int64N(1e9)).In(in(t, name))
			for _, unit := range []string{"seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years"} {
				begin, end := floor(at, unit, time.Monday), next(at, unit, time.Monday)
				if begin.After(at) || !end.After(at) {
					t.Fatalf("%v is not in its %s: %v to %v", at, unit, begin, end)
				}
				if again := floor(begin, unit, time.Monday); !again.Equal(begin) {
					t.Fatalf("%s of %v begins at %v, and that begins at %v", unit, at, begin, again)
				}
			}
		}
	}
}

func TestDurations(t *testing.T) {
	for written, want := range map[string]string{
		"P1Y2M3W4DT5H6M7.5S": "P1Y2M25DT5H6M7.5S", "PT36H": "PT36H", "P0D": "PT0S", "-P1D": "-P1D", "+pt1m": "PT1M", "PT0,25S": "PT0.25S", "P14M": "P1Y2M", "PT1.5H": "PT1H30M", "PT90S": "PT1M30S",
	} {
		d, err := readDuration("duration", written)
		if err != nil || d.String() != want {
			t.Errorf("readDuration(%s) = %s, %v, want %s", written, d, err, want)
		}
		if again, err := readDuration("duration", d.String()); err != nil || again != d {
			t.Errorf("%s reads as %+v, %v, want %+v", d, again, err, d)
		}
	}
	for _, written := range []string{"", "P", "PT", "P1", "1D", "P1H", "PT1D", "P1.5D", "PT1.5H1M", "P1D2M", "PT99999999H", "P1DT", "PT1e3S", "P-1D"} {
		if d, err := readDuration("duration", written); err == nil {
			t.Errorf("readDuration(%q) = %v, want it refused", written, d)
		}
	}
}

// An hour that clocks show twice is two hours: what passes in the second is not counted
// from the first, and to add nothing changes nothing.
func TestTheSecondOfTwoHoursStaysTheSecond(t *testing.T) {
	second := time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC).In(in(t, "Europe/Berlin")) // 02:30+01:00
	for _, c := range []struct{ duration, want string }{
		{"PT30M", "2026-10-25T03:00:00+01:00"}, {"-PT15M", "2026-10-25T02:15:00+01:00"}, {"P0D", "2026-10-25T02:30:00+01:00"}, {"P1D", "2026-10-26T02:30:00+01:00"},
	} {
		d, err := readDuration("", c.duration)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.after(second); err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s after the second 02:30 = %v, %v, want %s", c.duration, got, err, c.want)
		}
	}
	for _, unit := range []string{"days", "weeks", "months", "years", "hours"} {
		if got, err := plus(second, "amount", "0", unit); err != nil || !got.Equal(second) {
			t.Errorf("0 %s after the second 02:30 = %v, %v, want the same", unit, got, err)
		}
	}
	if got := between(second, second.Add(15*time.Minute)).Duration; got != "PT15M" {
		t.Errorf("between the second 02:30 and 02:45 are %s, want PT15M", got)
	}
}
