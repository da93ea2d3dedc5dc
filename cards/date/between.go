package date

import "time"

// span is what lies between two dates, in whole units; negative when the end is first.
type span struct {
	Milliseconds int64  `json:"milliseconds" help:"Whole milliseconds between them."`
	Seconds      int64  `json:"seconds" help:"Whole seconds between them."`
	Minutes      int64  `json:"minutes" help:"Whole minutes between them."`
	Hours        int64  `json:"hours" help:"Whole hours between them."`
	Days         int64  `json:"days" help:"Whole days of the calendar between them."`
	Weeks        int64  `json:"weeks" help:"Whole weeks between them."`
	Months       int64  `json:"months" help:"Whole months of the calendar between them."`
	Years        int64  `json:"years" help:"Whole years between them."`
	Duration     string `json:"duration" help:"All of it as an ISO 8601 duration such as P1M2DT3H."`
}

// between counts what lies between two dates of one zone.
func between(start, end time.Time) span {
	if end.Before(start) {
		s := between(end, start)
		return span{-s.Milliseconds, -s.Seconds, -s.Minutes, -s.Hours, -s.Days, -s.Weeks, -s.Months, -s.Years, "-" + s.Duration}
	}
	seconds, nanos := end.Unix()-start.Unix(), end.Nanosecond()-start.Nanosecond()
	if nanos < 0 {
		seconds, nanos = seconds-1, nanos+1e9
	}
	days, months := daysBetween(start, end), monthsBetween(start, end)
	rest := plusMonths(start, months)
	restDays := daysBetween(rest, end)
	d := duration{months: months, days: restDays, time: end.Sub(plusDays(rest, restDays))}
	return span{seconds*1000 + int64(nanos/1e6), seconds, seconds / 60, seconds / 3600, int64(days), int64(days / 7), int64(months), int64(months / 12), d.String()}
}

// daysBetween returns how many days can be added to start without passing end.
func daysBetween(start, end time.Time) int {
	day := func(t time.Time) int64 {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	n := int(day(end) - day(start))
	if plusDays(start, n).After(end) {
		n--
	}
	return max(n, 0)
}

// monthsBetween is daysBetween for months.
func monthsBetween(start, end time.Time) int {
	n := 12*(end.Year()-start.Year()) + int(end.Month()-start.Month())
	if plusMonths(start, n).After(end) {
		n--
	}
	return max(n, 0)
}
