package schedule

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"flowdeck/cards/schema"
)

func read(t *testing.T, settings schema.Values) *Schedule {
	t.Helper()
	s, err := Read(settings)
	if err != nil {
		t.Fatalf("Read(%v): %v", settings, err)
	}
	return s
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	x, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestNext has, among others, the days on which clocks are changed: in Berlin 2026-03-29
// 02:00→03:00 and 2026-10-25 03:00→02:00, in New York 2026-03-08 and 2026-11-01, on Lord
// Howe half an hour, in Santiago and Cairo at midnight, and on Samoa a whole day in 2011.
func TestNext(t *testing.T) {
	for _, c := range []struct {
		name     string
		settings schema.Values
		after    string
		want     []string
	}{
		{"every day", schema.Values{}, "2026-01-05T08:59:59Z", []string{"2026-01-05T09:00:00Z", "2026-01-06T09:00:00Z"}},
		{"a day of the month or of the week", schema.Values{"every": "cron", "cron": "0 9 13 * fri"}, "2026-03-09T00:00:00Z", []string{"2026-03-13T09:00:00Z", "2026-03-20T09:00:00Z"}},
		{"a step limits days too", schema.Values{"every": "cron", "cron": "0 9 */2 * mon"}, "2026-03-01T10:00:00Z", []string{"2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z", "2026-03-05T09:00:00Z"}},
		{"strictly after", schema.Values{}, "2026-01-05T09:00:00Z", []string{"2026-01-06T09:00:00Z"}},
		{"several times of day", schema.Values{"at": "17:30, 9:00"}, "2026-01-05T00:00:00Z", []string{"2026-01-05T09:00:00Z", "2026-01-05T17:30:00Z", "2026-01-06T09:00:00Z"}},
		{"the same local time in winter and summer", schema.Values{"zone": "Europe/Berlin"}, "2026-03-27T12:00:00Z",
			[]string{"2026-03-28T09:00:00+01:00", "2026-03-29T09:00:00+02:00", "2026-03-30T09:00:00+02:00"}},
		{"a time that clocks skip is due when they do", schema.Values{"zone": "Europe/Berlin", "at": "02:30"}, "2026-03-27T12:00:00Z",
			[]string{"2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
		{"skipped times fall together", schema.Values{"zone": "Europe/Berlin", "at": "02:15 02:45 03:00"}, "2026-03-28T12:00:00Z",
			[]string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:15:00+02:00"}},
		{"a time that comes twice is due once", schema.Values{"zone": "Europe/Berlin", "at": "02:30"}, "2026-10-24T12:00:00Z",
			[]string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		{"and not again from between", schema.Values{"zone": "Europe/Berlin", "at": "02:30"}, "2026-10-25T02:10:00+01:00", []string{"2026-10-26T02:30:00+01:00"}},
		{"New York, spring", schema.Values{"zone": "America/New_York", "at": "02:30"}, "2026-03-07T12:00:00Z", []string{"2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"}},
		{"New York, autumn", schema.Values{"zone": "America/New_York", "at": "01:30"}, "2026-10-31T12:00:00Z", []string{"2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"}},
		{"Lord Howe goes half an hour forward", schema.Values{"zone": "Australia/Lord_Howe", "at": "02:15"}, "2026-10-03T00:00:00Z",
			[]string{"2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"}},
		{"Lord Howe goes half an hour back", schema.Values{"zone": "Australia/Lord_Howe", "at": "01:45"}, "2026-04-04T00:00:00Z",
			[]string{"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"}},
		{"Santiago has no midnight", schema.Values{"zone": "America/Santiago", "at": "00:00"}, "2026-09-05T12:00:00Z",
			[]string{"2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"}},
		{"Samoa had no 30 December", schema.Values{"zone": "Pacific/Apia", "at": "09:00"}, "2011-12-29T06:00:00-10:00",
			[]string{"2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00"}},

		{"days of the week", schema.Values{"every": "weeks", "days": "Mon, friday", "at": "07:00"}, "2026-01-01T00:00:00Z",
			[]string{"2026-01-02T07:00:00Z", "2026-01-05T07:00:00Z", "2026-01-09T07:00:00Z"}},
		{"a day of the month", schema.Values{"every": "months", "day": "15"}, "2026-01-15T09:00:00Z", []string{"2026-02-15T09:00:00Z"}},
		{"the 31st of short months", schema.Values{"every": "months", "day": "31"}, "2028-01-31T10:00:00Z", []string{"2028-02-29T09:00:00Z", "2028-03-31T09:00:00Z", "2028-04-30T09:00:00Z"}},
		{"the last day", schema.Values{"every": "months", "day": "last"}, "2026-02-01T00:00:00Z", []string{"2026-02-28T09:00:00Z", "2026-03-31T09:00:00Z"}},

		{"every quarter of an hour", schema.Values{"every": "minutes", "count": int64(15)}, "2026-01-05T08:07:30Z", []string{"2026-01-05T08:15:00Z", "2026-01-05T08:30:00Z"}},
		{"in a zone that is 45 minutes off", schema.Values{"every": "hours", "zone": "Asia/Kathmandu"}, "2026-01-05T08:07:30Z", []string{"2026-01-05T14:00:00+05:45", "2026-01-05T15:00:00+05:45"}},
		{"minutes go on while clocks go back", schema.Values{"every": "minutes", "count": int64(30), "zone": "Europe/Berlin"}, "2026-10-25T02:15:00+02:00",
			[]string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00", "2026-10-25T03:00:00+01:00"}},
		{"six hours from midnight, winter and summer", schema.Values{"every": "hours", "count": int64(6), "zone": "Europe/Berlin"}, "2026-03-28T13:00:00+01:00",
			[]string{"2026-03-28T18:00:00+01:00", "2026-03-29T00:00:00+01:00", "2026-03-29T06:00:00+02:00", "2026-03-29T12:00:00+02:00", "2026-03-29T18:00:00+02:00", "2026-03-30T00:00:00+02:00", "2026-03-30T06:00:00+02:00"}},
		{"and summer and winter", schema.Values{"every": "hours", "count": int64(6), "zone": "Europe/Berlin"}, "2026-10-24T18:00:00+02:00",
			[]string{"2026-10-25T00:00:00+02:00", "2026-10-25T06:00:00+01:00", "2026-10-25T12:00:00+01:00", "2026-10-25T18:00:00+01:00", "2026-10-26T00:00:00+01:00"}},
		{"24 hours are a day", schema.Values{"every": "hours", "count": int64(24), "zone": "Europe/Berlin"}, "2026-10-24T12:00:00+02:00",
			[]string{"2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", "2026-10-27T00:00:00+01:00"}},
		{"and as a cron expression", schema.Values{"every": "cron", "cron": "@every 12h", "zone": "Europe/Berlin"}, "2026-10-24T12:00:00+02:00",
			[]string{"2026-10-25T00:00:00+02:00", "2026-10-25T12:00:00+01:00", "2026-10-26T00:00:00+01:00"}},
		{"two hours of which one is skipped", schema.Values{"every": "hours", "count": int64(2), "zone": "Europe/Berlin"}, "2026-03-28T23:00:00+01:00",
			[]string{"2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00", "2026-03-29T06:00:00+02:00"}},
		{"every hour goes on by the hour", schema.Values{"every": "hours", "zone": "Europe/Berlin"}, "2026-10-25T01:30:00+02:00",
			[]string{"2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"}},
		{"a day that ends soon after a step begins anew instead", schema.Values{"every": "minutes", "count": int64(90), "zone": "Europe/Berlin"}, "2026-03-29T21:00:00+02:00",
			[]string{"2026-03-29T22:00:00+02:00", "2026-03-30T00:00:00+02:00", "2026-03-30T01:30:00+02:00"}},
		{"what does not fit into a day goes on", schema.Values{"every": "hours", "count": int64(5)}, "2026-01-05T20:00:00Z", []string{"2026-01-05T21:00:00Z", "2026-01-06T02:00:00Z"}},

		{"cron", schema.Values{"every": "cron", "cron": "30 8 * * mon-fri"}, "2026-01-02T09:00:00Z", []string{"2026-01-05T08:30:00Z"}},
		{"cron, skipped", schema.Values{"every": "cron", "cron": "30 2 * * *", "zone": "Europe/Berlin"}, "2026-03-28T12:00:00Z", []string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
		{"cron, twice", schema.Values{"every": "cron", "cron": "*/30 2 * * *", "zone": "Europe/Berlin"}, "2026-10-24T12:00:00Z",
			[]string{"2026-10-25T02:00:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-26T02:00:00+01:00"}},
		{"cron of every hour goes on while clocks go back", schema.Values{"every": "cron", "cron": "30 * * * *", "zone": "Europe/Berlin"}, "2026-10-25T01:45:00+02:00",
			[]string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T03:30:00+01:00"}},
		{"and while they go forward", schema.Values{"every": "cron", "cron": "30 * * * *", "zone": "Europe/Berlin"}, "2026-03-29T01:00:00+01:00",
			[]string{"2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"}},
		{"cron word", schema.Values{"every": "cron", "cron": "@weekly"}, "2026-01-02T09:00:00Z", []string{"2026-01-04T00:00:00Z"}},
		{"cron of a step", schema.Values{"every": "cron", "cron": "@every 90m"}, "2026-01-05T00:10:00Z", []string{"2026-01-05T01:30:00Z", "2026-01-05T03:00:00Z"}},
		{"7 is Sunday too", schema.Values{"every": "cron", "cron": "0 9 * * 7"}, "2026-01-02T09:00:00Z", []string{"2026-01-04T09:00:00Z", "2026-01-11T09:00:00Z"}},
		{"in a range and a list", schema.Values{"every": "cron", "cron": "0 9 * * 2,5-7"}, "2026-01-02T08:00:00Z",
			[]string{"2026-01-02T09:00:00Z", "2026-01-03T09:00:00Z", "2026-01-04T09:00:00Z", "2026-01-06T09:00:00Z"}},
		{"in a range with a step", schema.Values{"every": "cron", "cron": "0 9 * * 1-7/3"}, "2026-01-02T08:00:00Z",
			[]string{"2026-01-04T09:00:00Z", "2026-01-05T09:00:00Z", "2026-01-08T09:00:00Z"}},
		{"until Sunday by its name", schema.Values{"every": "cron", "cron": "0 9 * * SAT-SUN"}, "2026-01-02T08:00:00Z",
			[]string{"2026-01-03T09:00:00Z", "2026-01-04T09:00:00Z", "2026-01-10T09:00:00Z"}},
		{"every second day of the week", schema.Values{"every": "cron", "cron": "0 9 * * */2"}, "2026-01-02T08:00:00Z",
			[]string{"2026-01-03T09:00:00Z", "2026-01-04T09:00:00Z", "2026-01-06T09:00:00Z"}},
		{"leap days", schema.Values{"every": "cron", "cron": "0 0 29 2 *"}, "2026-01-02T09:00:00Z", []string{"2028-02-29T00:00:00Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, c.settings)
			last := at(t, c.after)
			for _, want := range c.want {
				got := s.Next(last)
				if got.Format(time.RFC3339) != want {
					t.Fatalf("after %s comes %s, want %s", last, got.Format(time.RFC3339), want)
				}
				last = got
			}
		})
	}
}

// TestNextGoesOn looks at whole years around the changes of many zones: each time comes
// after the one before, and what is between two times is due at neither.
func TestNextGoesOn(t *testing.T) {
	for _, zone := range []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Kathmandu", "Africa/Casablanca", "America/St_Johns", "Asia/Beirut", "Asia/Tehran"} {
		for _, settings := range []schema.Values{
			{"at": "00:00 01:30 02:30 23:59"}, {"every": "hours", "count": int64(1)}, {"every": "minutes", "count": int64(1440)}, {"every": "hours", "count": int64(8)},
			{"every": "cron", "cron": "*/20 * * * *"}, {"every": "cron", "cron": "15 0-4 * * *"}, {"every": "months", "day": "last", "at": "00:30"},
		} {
			settings["zone"] = zone
			s := read(t, settings)
			end := time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC)
			for last := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC); last.Before(end); {
				next := s.Next(last)
				if !next.After(last) || next.Sub(last) > 32*24*time.Hour {
					t.Fatalf("%v: after %s comes %s", settings, last, next)
				}
				if middle := last.Add(next.Sub(last) / 2); !s.Next(middle).Equal(next) {
					t.Fatalf("%v: after %s comes %s, but after %s %s", settings, last, next, middle, s.Next(middle))
				}
				last = next
			}
		}
	}
}

// TestStepsKeepTheirDistance looks at the steps that fit into a day, through the changes
// of a year and, on Samoa, over the day that there never was.
func TestStepsKeepTheirDistance(t *testing.T) {
	for _, zone := range []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "America/Havana", "Africa/Cairo", "Africa/Casablanca", "America/St_Johns", "Asia/Tehran", "Pacific/Apia"} {
		for count := int64(1); count <= 1440; count++ {
			if 1440%count != 0 || count < 30 {
				continue
			}
			s, every := read(t, schema.Values{"every": "minutes", "count": count, "zone": zone}), time.Duration(count)*time.Minute
			clock := every > time.Hour && every%time.Hour == 0
			shown := map[string]bool{}
			end := time.Date(2012, 1, 3, 0, 0, 0, 0, time.UTC)
			for last := s.Next(time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC)); last.Before(end); {
				next := s.Next(last)
				if gap := next.Sub(last); gap < every/2 || gap > every+max(every/2, time.Hour) {
					t.Fatalf("%s, every %s: after %s comes %s, %s later", zone, every, last, next, gap)
				}
				text := next.Format("2006-01-02 15:04")
				if clock && shown[text] {
					t.Fatalf("%s, every %s: %s is due twice", zone, every, text)
				}
				shown[text] = true
				before := next.Add(-time.Second)
				if wall := wallOf(next); clock && wall.Sub(wall.Truncate(day))%every != 0 && wall.Sub(wallOf(before)) == time.Second {
					t.Fatalf("%s, every %s: %s is due, which is no time of day that it is due at", zone, every, next)
				}
				last = next
			}
		}
	}
}

func TestDue(t *testing.T) {
	for _, c := range []struct {
		name, missed string
		now          string
		want         []string
		next         string
	}{
		{"not yet", "once", "2026-01-05T08:59:00Z", nil, "2026-01-05T09:00:00Z"},
		{"on time", "skip", "2026-01-05T09:00:00Z", []string{"2026-01-05T09:00:00Z"}, "2026-01-05T10:00:00Z"},
		{"a moment late is not missed", "skip", "2026-01-05T09:00:59Z", []string{"2026-01-05T09:00:00Z"}, "2026-01-05T10:00:00Z"},
		{"skip", "skip", "2026-01-05T12:30:00Z", nil, "2026-01-05T13:00:00Z"},
		{"skip, up again just in time", "skip", "2026-01-05T12:00:10Z", []string{"2026-01-05T12:00:00Z"}, "2026-01-05T13:00:00Z"},
		{"once", "once", "2026-01-05T12:30:00Z", []string{"2026-01-05T12:00:00Z"}, "2026-01-05T13:00:00Z"},
		{"once, after a year", "once", "2027-01-05T12:30:00Z", []string{"2027-01-05T12:00:00Z"}, "2027-01-05T13:00:00Z"},
		{"all", "all", "2026-01-05T11:30:00Z", []string{"2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z"}, "2026-01-05T12:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := read(t, schema.Values{"every": "hours", "missed": c.missed})
			times, next := s.Due(at(t, "2026-01-05T09:00:00Z"), at(t, c.now))
			var got []string
			for _, x := range times {
				got = append(got, x.Format(time.RFC3339))
			}
			if !slices.Equal(got, c.want) || next.Format(time.RFC3339) != c.next {
				t.Errorf("due are %v, then %s; want %v, then %s", got, next, c.want, c.next)
			}
		})
	}
	s := read(t, schema.Values{"every": "minutes", "missed": "all"})
	times, _ := s.Due(at(t, "2020-01-05T09:00:00Z"), at(t, "2026-01-05T09:00:30Z"))
	if len(times) != MostMissed || !times[MostMissed-1].Equal(at(t, "2026-01-05T09:00:00Z")) || !times[0].Equal(at(t, "2026-01-05T07:21:00Z")) {
		t.Errorf("%d times are due, from %v, want the last %d", len(times), times[0], MostMissed)
	}
}

func TestWhatIsWrongIsSaidAtTheField(t *testing.T) {
	for _, c := range []struct {
		settings schema.Values
		field    string
		words    string
	}{
		{schema.Values{"zone": "Mars/Olympus"}, "zone", "Mars/Olympus"},
		{schema.Values{"zone": "Local"}, "zone", "no time zone"},
		{schema.Values{"zone": "Europe//Berlin"}, "zone", "no time zone"},
		{schema.Values{"zone": "Europe/./Berlin"}, "zone", "no time zone"},
		{schema.Values{"at": "25:00"}, "at", "25:00"},
		{schema.Values{"at": ", ,"}, "at", "needs a time"},
		{schema.Values{"every": "weeks", "days": "mon xyz"}, "days", "xyz"},
		{schema.Values{"every": "weeks", "days": "t"}, "days", "such as mon"},
		{schema.Values{"every": "months", "day": "32"}, "day", ""},
		{schema.Values{"every": "minutes", "count": int64(0)}, "count", ""},
		{schema.Values{"every": "cron"}, "cron", ""},
		{schema.Values{"every": "cron", "cron": "* * * *"}, "cron", "five fields"},
		{schema.Values{"every": "cron", "cron": "0 0 30 2 *"}, "cron", "never"},
		{schema.Values{"every": "cron", "cron": "TZ=UTC 0 0 1 1 *"}, "cron", "Time zone"},
		{schema.Values{"every": "cron", "cron": "TZ=0"}, "cron", "Time zone"},
		{schema.Values{"every": "cron", "cron": "@every 1s"}, "cron", "every minute, got 1s"},
		{schema.Values{"every": "cron", "cron": "@every -5m"}, "cron", "every minute, got -5m"},
		{schema.Values{"every": "cron", "cron": "@every 0"}, "cron", "every minute, got 0"},
		{schema.Values{"every": "cron", "cron": "@every day"}, "cron", `has "day" after @every, where a time such as 90m or 12h stands`},
		{schema.Values{"every": "cron", "cron": "@every"}, "cron", "a time such as 90m or 12h"},
		{schema.Values{"every": "cron", "cron": "@reboot"}, "cron", `has "@reboot", which is none of the words`},
		{schema.Values{"every": "cron", "cron": "0 9 L * *"}, "cron", `has "L" as the day of the month, which may be numbers from 1 to 31`},
		{schema.Values{"every": "cron", "cron": "0 9 L * *"}, "cron", "Every month"},
		{schema.Values{"every": "cron", "cron": "H 9 * * *"}, "cron", `has "H" as the minute, which may be numbers from 0 to 59`},
		{schema.Values{"every": "cron", "cron": "0 9,24 * * *"}, "cron", `has "24" as the hour, which may be numbers from 0 to 23`},
		{schema.Values{"every": "cron", "cron": "0 9 * 0 *"}, "cron", `has "0" as the month, which may be numbers from 1 to 12 or jan to dec`},
		{schema.Values{"every": "cron", "cron": "0 9 * * 5-8"}, "cron", `has "5-8" as the day of the week, which may be numbers from 0 to 7 (0 and 7 are Sunday) or sun to sat`},
		{schema.Values{"every": "cron", "cron": "0 17-9 * * *"}, "cron", `has "17-9" as the hour`},
		{schema.Values{"every": "cron", "cron": "*/0 9 * * *"}, "cron", `has "*/0" as the minute`},
		{schema.Values{"every": "cron", "cron": "1-2-3 9 * * *"}, "cron", `has "1-2-3" as the minute`},
		{schema.Values{"every": "cron", "cron": "*/2/3 9 * * *"}, "cron", `has "*/2/3" as the minute`},
		{schema.Values{"every": "cron", "cron": "0 0 9 * * 1"}, "cron", "must have five fields"},
	} {
		_, err := Read(c.settings)
		var problems schema.Problems
		if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Field != c.field || !strings.Contains(problems[0].Message, c.words) {
			t.Errorf("Read(%v) = %v, want a problem at %s with %q", c.settings, err, c.field, c.words)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	s, err := Read(schema.Values{"zone": "Europe/Berlin"})
	if err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		s.Next(now)
	}
}

func TestAScheduleSaysItsRule(t *testing.T) {
	for want, settings := range map[string]schema.Values{
		"every day at 09:00":                 {},
		"Mon, Thu, Sun at 07:30, 18:00":      {"every": "weeks", "days": "sunday thu,MON", "at": "07:30, 18:00"},
		"the last day of the month at 09:00": {"every": "months", "day": "last"},
		"every 15 minutes":                   {"every": "minutes", "count": int64(15)},
		"every hour":                         {"every": "hours", "count": int64(1)},
	} {
		s, err := Read(settings)
		if err != nil || s.String() != want {
			t.Errorf("%v says %v, %v, want %q", settings, s, err, want)
		}
	}
}
