package date

import (
	"testing"
	"time"
)

func in(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := zoneOf("zone", name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// What a clock shows leads back to the instant, or to the first of two that it shows so.
func TestClocksLeadBack(t *testing.T) {
	for _, c := range []struct{ zone, from string }{
		{"Europe/Berlin", "2026-03-28"}, {"Europe/Berlin", "2026-10-24"}, {"America/New_York", "2026-03-07"}, {"America/New_York", "2026-10-31"},
		{"Australia/Lord_Howe", "2026-04-04"}, {"Australia/Lord_Howe", "2026-10-03"}, {"Pacific/Apia", "2011-12-29"}, {"America/Sao_Paulo", "2018-11-03"},
		{"Asia/Kathmandu", "2026-01-01"}, {"+05:45", "2026-01-01"}, {"UTC", "2026-01-01"},
	} {
		zone := in(t, c.zone)
		from, _ := time.Parse(time.DateOnly, c.from)
		seen := map[string]time.Time{}
		for at := from.Add(-12 * time.Hour); at.Before(from.Add(72 * time.Hour)); at = at.Add(5 * time.Minute) {
			shown := at.In(zone)
			wall := shown.Format(time.DateTime)
			want, twice := seen[wall]
			if !twice {
				want, seen[wall] = at, at
			}
			y, m, d := shown.Date()
			if got := local(y, m, d, clockOf(shown), zone); !got.Equal(want) {
				t.Fatalf("local(%s, %s) = %v, want %v", wall, c.zone, got.UTC(), want)
			}
		}
	}
}

func TestTimesThatAreSkippedMoveForward(t *testing.T) {
	for _, c := range []struct {
		zone, shown, want string
	}{
		{"Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Berlin", "2026-03-29 02:59:59", "2026-03-29T03:59:59+02:00"},
		{"America/New_York", "2026-03-08 02:30:00", "2026-03-08T03:30:00-04:00"},
		{"Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-04T02:45:00+11:00"},
		{"America/Sao_Paulo", "2018-11-04 00:00:00", "2018-11-04T01:00:00-02:00"},
		{"Pacific/Apia", "2011-12-30 12:00:00", "2011-12-31T12:00:00+14:00"},
		{"Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T02:30:00+02:00"},
	} {
		shown, err := time.Parse(time.DateTime, c.shown)
		if err != nil {
			t.Fatal(err)
		}
		got := local(shown.Year(), shown.Month(), shown.Day(), clockOf(shown), in(t, c.zone)).Format(time.RFC3339)
		if got != c.want {
			t.Errorf("%s in %s = %s, want %s", c.shown, c.zone, got, c.want)
		}
	}
}

func TestZones(t *testing.T) {
	for _, name := range []string{"Local", "../etc/passwd", "/etc/localtime", "Europe", "Mitteleuropa", "+25:00", "+1", "CEST", "UTC+2"} {
		if zone, err := zoneOf("zone", name); err == nil {
			t.Errorf("zoneOf(%q) = %v, want it refused", name, zone)
		}
	}
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]string{"Europe/Berlin": "14:00+02:00", "+02:00": "14:00+02:00", "-0330": "08:30-03:30", "+05": "17:00+05:00", "UTC": "12:00+00:00", "z": "12:00+00:00", " Asia/Kolkata ": "17:30+05:30"} {
		if got := at.In(in(t, name)).Format("15:04-07:00"); got != want {
			t.Errorf("12:00Z in %q = %s, want %s", name, got, want)
		}
	}
}

// An offset that happens to be the server's own must not bring its rules along.
func TestAnOffsetIsNotTheServersZone(t *testing.T) {
	own := time.Local
	t.Cleanup(func() { time.Local = own })
	time.Local = in(t, "Europe/Berlin")
	var m moment
	if err := m.UnmarshalText([]byte("2026-03-28T12:00:00+01:00")); err != nil {
		t.Fatal(err)
	}
	if got, want := plusDays(m.at, 1).Format(time.RFC3339), "2026-03-29T12:00:00+01:00"; got != want {
		t.Errorf("a day later = %s, want %s", got, want)
	}
}
