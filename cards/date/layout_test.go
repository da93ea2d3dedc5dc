package date

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryTokenIsWritten(t *testing.T) {
	at := time.Date(2026, 3, 1, 15, 4, 5, 67_000_000, in(t, "Europe/Berlin"))
	want := map[string]string{"YYYY": "2026", "YY": "26", "GGGG": "2026", "WW": "09", "W": "9", "MMMM": "March", "MMM": "Mar", "MM": "03", "M": "3", "DDDD": "060", "DDD": "60",
		"DD": "01", "D": "1", "Do": "1st", "dddd": "Sunday", "ddd": "Sun", "E": "7", "Q": "1", "HH": "15", "H": "15", "hh": "03", "h": "3", "A": "PM", "a": "pm",
		"mm": "04", "m": "4", "ss": "05", "s": "5", "Z": "+01:00", "ZZ": "+0100", "z": "CET", "X": "1772373845", "x": "1772373845067", "S": "0", "SSS": "067", "SSSSSSSSS": "067000000"}
	for _, token := range tokens {
		if _, tested := want[token]; !tested {
			t.Errorf("%s is not tested", token)
		}
		if !strings.Contains(layoutHelp, "`"+token+"`") && !slices.Contains([]string{"DDD", "GGGG", "WW", "HH", "hh", "mm", "ss"}, token) {
			t.Errorf("%s is not explained", token)
		}
	}
	for token, want := range want {
		layout, err := layoutOf("format", token)
		if err != nil || write(at, layout) != want {
			t.Errorf("%s = %q, %v, want %q", token, write(at, layout), err, want)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	zone := in(t, "America/New_York")
	for _, format := range []string{
		"YYYY-MM-DD HH:mm:ss.SSSSSSSSS", "dddd, D. MMMM YYYY [at] h:mm:ss.SSSSSSSSS A", "ddd Do MMM YYYY hh:mm:ss a SSSSSSSSS", "GGGG-[W]WW-E HH:mm:ss.SSSSSSSSS",
		"YYYY-DDDD HH:mm:ss.SSSSSSSSS", "YYYYMMDDTHHmmss.SSSSSSSSSZZ", "Z YYYY/M/D H-m-s-SSSSSSSSS",
	} {
		layout, err := layoutOf("format", format)
		if err != nil {
			t.Fatal(err)
		}
		for day := range 800 {
			at := time.Date(2024, 1, 1+day, day%24, day%60, day%59, day*1234567%1e9, zone)
			text := write(at, layout)
			got, err := read(text, layout, zone)
			if err != nil || got.Format("2006-01-02 15:04:05.000000000") != at.Format("2006-01-02 15:04:05.000000000") {
				t.Fatalf("%s reads %q as %v, %v, want %v", format, text, got, err, at)
			}
		}
	}
}

func TestMistakesInFormats(t *testing.T) {
	for format, want := range map[string]string{
		"dd.MM.yyyy": `format: has "dd" at character 1, which means nothing here; write DD for the day, or ddd for its name`,
		"DD.MM.yyyy": `format: has "yyyy" at character 7, which means nothing here; write YYYY for the year`,
		"D of M":     `format: has "o" at character 3, which means nothing here; put text into [brackets]`,
		"[abc":       `format: has "[" at character 1, which means nothing here; a ] has to follow`,
	} {
		if _, err := layoutOf("format", format); err == nil || err.Error() != want {
			t.Errorf("layoutOf(%q) = %v\nwant %s", format, err, want)
		}
	}
}

func TestMistakesInDates(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"DD.MM.YYYY", "31.04.2026", "has the day 31, and April 2026 has 30 days"},
		{"DD.MM.YYYY", "01.13.2026", "has the month 13, and there are 12"},
		{"DD.MM.YYYY", "1.4.2026", `does not fit the format: DD is due, but there is text ".4.2026"`},
		{"DD.MM.YYYY", "01.04.2026 x", `does not fit the format: it ends before text " x"`},
		{"DD.MM", "01.04", "needs a year: the format has none, or it is 0"},
		{"YYYY HH:mm", "2026 24:00", "has the hour 24, and the day has 24, from 0"},
		{"YYYY h:mm", "2026 9:00", "needs AM or PM: the format has an hour of 12 (hh) without A"},
		{"YYYY h A", "2026 13 PM", "has the hour 13, and the clock has 12"},
		{"ddd YYYY-MM-DD", "Mon 2026-03-01", "names the wrong day of the week: 2026-03-01 is a Sunday"},
		{"GGGG-[W]WW", "2026-W54", "has the week 54, and 2026 has no such week"},
		{"YYYY-DDDD", "2026-366", "has the day 366 of the year, and 2026 has no such day"},
	} {
		layout, err := layoutOf("format", c.format)
		if err != nil {
			t.Fatal(err)
		}
		if at, err := read(c.text, layout, nil); err == nil || err.Error() != c.want {
			t.Errorf("%s of %q = %v, %v\nwant %s", c.format, c.text, at, err, c.want)
		}
	}
}

func TestGuesses(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-01T09:30:00Z": "2026-03-01T09:30:00Z", "2026-03-01t09:30:00.123+02:00": "2026-03-01T09:30:00.123+02:00", "2026-03-01 09:30": "2026-03-01T09:30:00Z",
		"20260301T093000Z": "2026-03-01T09:30:00Z", "20260301": "2026-03-01T00:00:00Z", "2026-W09-7": "2026-03-01T00:00:00Z", "2026-060": "2026-03-01T00:00:00Z", "2026-03": "2026-03-01T00:00:00Z",
		"Sun, 01 Mar 2026 09:30:00 GMT": "2026-03-01T09:30:00Z", "1 Mar 2026 09:30:00 -0500": "2026-03-01T09:30:00-05:00", "Sunday, 01-Mar-26 09:30:00 GMT": "2026-03-01T09:30:00Z",
		"Sun Mar  1 09:30:00 2026": "2026-03-01T09:30:00Z", "March 1, 2026": "2026-03-01T00:00:00Z", "1772357400": "2026-03-01T09:30:00Z", "1772357400250": "2026-03-01T09:30:00.25Z",
	} {
		if got, err := guess(text, nil); err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("guess(%q) = %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "03/04/2026", "tomorrow", "12:30", "2026", "2026-02-30", "Mon, 01 Mar 2026 09:30:00 GMT", "2026-03-01T25:00:00Z", "1 Mar 2026 09:30:00 EST", "99999999999999999999"} {
		if got, err := guess(text, nil); err == nil {
			t.Errorf("guess(%q) = %v, want it refused", text, got)
		}
	}
}

func FuzzFormats(f *testing.F) {
	f.Add("YYYY-MM-DD HH:mm:ss.SSS Z", "2026-03-01 09:30:00.250 +01:00")
	f.Add("[x]DoMMMM YY a h", "x1stMarch 26 pm 3")
	f.Fuzz(func(t *testing.T, format, text string) {
		guess(text, nil)
		layout, err := layoutOf("format", format)
		if err != nil {
			return
		}
		at, err := read(text, layout, nil)
		if err != nil || at.Year() < 1 || at.Year() > 9999 {
			return
		}
		again, err := read(write(at, layout), layout, at.Location())
		if err != nil && !strings.Contains(err.Error(), "does not fit") || err == nil && write(again, layout) != write(at, layout) {
			t.Errorf("%q reads %q as %v, and what that is written as, %q, as %v, %v", format, text, at, write(at, layout), again, err)
		}
	})
}

func TestEveryTokenIsInTheDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/dates.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range append([]string{"S", "SSSSSSSSS"}, tokens...) {
		if !strings.Contains(string(page), "`"+token+"`") {
			t.Errorf("docs/dates.md does not explain %s", token)
		}
	}
}
