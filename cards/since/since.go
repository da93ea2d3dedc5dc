// Package since says what is different between the last attempt at a step that
// worked and one that did not.
//
// It compares what was recorded, masked as it was recorded, and does no I/O. What
// differs from call to call by its nature is listed apart.
package since

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Side is one of the two attempts.
type Side struct {
	Method, URL     string
	RequestHeaders  [][2]string
	RequestBody     string // what is kept of it
	RequestSize     int64  // of the whole, in bytes
	Status          int    // 0 when no answer came
	ResponseHeaders [][2]string
	ResponseBody    any
	ResponseSize    int64 // in bytes
	ResponseCut     bool  // ResponseBody is only a part
	Error           string
	DNS, Connect    time.Duration
	Wait, Took      time.Duration
	Connection      string // its name
	Version         string // of the flow: "v7", "draft"
}

// Kind says how a value differs.
type Kind string

// The kinds of difference.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// Change is one difference. Path is of the value within its part, such as
// "items[2].sku" of a body; "" is the whole part.
type Change struct {
	Kind          Kind
	Path          string
	Before, After string // in short; "" where there is none
}

// Part is what differs in one part of the call.
type Part struct {
	Title   string
	Changes []Change
}

// Diff is everything that differs.
type Diff struct {
	Parts   []Part   // only those in which something differs
	Ignored []Change // headers that differ by their nature
	Notes   []string // what could not be compared; whole sentences
	before  Side
	now     Side
}

// Titles of the parts.
const (
	Flow            = "Flow and connection"
	Address         = "Address"
	RequestHeaders  = "Request headers"
	RequestBody     = "Request body"
	Answer          = "Answer"
	ResponseHeaders = "Response headers"
	ResponseBody    = "Response body"
	Times           = "Times"
)

// keptBody is how much of a request body a record keeps, in bytes.
const keptBody = 64 << 10

// Compare says what is different now.
func Compare(before, now Side) Diff {
	d := Diff{before: before, now: now}
	d.add(Flow, fields("version of the flow", before.Version, now.Version, "connection", before.Connection, now.Connection))
	d.add(Address, address(before, now))
	d.headers(RequestHeaders, before.RequestHeaders, now.RequestHeaders, before.RequestBody != now.RequestBody)
	d.add(RequestBody, d.requestBody())
	d.add(Answer, fields("status", status(before), status(now), "error", before.Error, now.Error))
	d.headers(ResponseHeaders, before.ResponseHeaders, now.ResponseHeaders, true)
	d.add(ResponseBody, values(before.ResponseBody, now.ResponseBody))
	if before.ResponseCut || now.ResponseCut {
		d.Notes = append(d.Notes, "Of the response bodies only the beginning that is kept was compared.")
	}
	d.add(Times, times(before, now))
	return d
}

func (d *Diff) add(title string, list []Change) {
	if len(list) > 0 {
		d.Parts = append(d.Parts, Part{title, list})
	}
}

// Part returns the changes of the part with that title.
func (d Diff) Part(title string) []Change {
	for _, p := range d.Parts {
		if p.Title == title {
			return p.Changes
		}
	}
	return nil
}

func status(s Side) string {
	if s.Status == 0 {
		return "no answer"
	}
	return fmt.Sprint(s.Status)
}

// fields compares single values: names with what was and what is.
func fields(list ...string) (all []Change) {
	for i := 0; i+2 < len(list); i += 3 {
		if c, differs := change(list[i], list[i+1], list[i+2]); differs {
			all = append(all, c)
		}
	}
	return all
}

func change(path, before, now string) (Change, bool) {
	c := Change{Changed, path, short(before), short(now)}
	switch {
	case before == now:
		return c, false
	case before == "":
		c.Kind = Added
	case now == "":
		c.Kind = Removed
	}
	return c, true
}

// Noticeable differences of times: half a second more, and twice as long.
const slower = 500 * time.Millisecond

func times(before, now Side) (all []Change) {
	for _, t := range []struct {
		name        string
		before, now time.Duration
	}{
		{"looking the name up", before.DNS, now.DNS}, {"connecting", before.Connect, now.Connect}, {"waiting for the answer", before.Wait, now.Wait}, {"in all", before.Took, now.Took},
	} {
		if far(t.before, t.now) {
			all = append(all, Change{Changed, t.name, Duration(t.before), Duration(t.now)})
		}
	}
	return all
}

func far(a, b time.Duration) bool {
	small, large := min(a, b), max(a, b)
	return large-small >= slower && large >= 2*small
}

// Duration writes a time in the unit that people read: "9.8 s", "210 ms".
func Duration(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= 100*time.Millisecond:
		return strings.Replace(fmt.Sprintf("%.1f s", d.Seconds()), ".0 s", " s", 1)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// maxShort is how much of a value is shown, in characters.
const maxShort = 160

func short(s string) string {
	if len(s) > utf8.UTFMax*(maxShort+1) { // a body may be long, and most of it is not looked at
		s = strings.ToValidUTF8(s[:utf8.UTFMax*(maxShort+1)], "")
	}
	if r := []rune(s); len(r) > maxShort {
		return string(r[:maxShort]) + "…"
	}
	return s
}
