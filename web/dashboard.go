package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/flows/store"
	"flowdeck/meter"
	"flowdeck/views"
)

func (s *Server) dashboardRoutes(app *echo.Group) { app.GET("/dashboard", s.showDashboard) }

// dashRange is a stretch of time that the dashboard looks back on.
type dashRange struct {
	key, label, words string
	long              time.Duration
	from              time.Duration // the span of the rows that are read
	step              time.Duration // what a bar stands for
	sums              time.Duration // the span of the rows that tables are added up from
	layout            string        // of the time under a bar
}

func dashRanges() []dashRange {
	const hour, day = time.Hour, 24 * time.Hour
	return []dashRange{
		{"hour", "Hour", "last hour", hour, time.Minute, time.Minute, time.Minute, "15:04"},
		{"day", "Day", "last 24 hours", day, 15 * time.Minute, 30 * time.Minute, 15 * time.Minute, "15:04"},
		{"week", "Week", "last 7 days", 7 * day, 2 * hour, 4 * hour, 2 * hour, "Mon 15:04"},
		{"month", "Month", "last 30 days", 30 * day, 2 * hour, 12 * hour, day, "2 Jan 15:04"},
	}
}

// mostListed is how many rows a table of the dashboard has.
const mostListed = 10

// dashboard is one look back.
type dashboard struct {
	s     *Server
	r     dashRange
	of    dashSubject
	now   time.Time
	since time.Time
}

// dashSubject is what a dashboard is of. Its zero value is all runs.
type dashSubject struct {
	flow       string // id
	connection string // id, or noConnection
}

// noConnection is what an address says of requests without a connection.
const noConnection = "none"

// tallied is the subject as the store knows it.
func (x dashSubject) tallied() (kind, subject string) {
	switch {
	case x.flow != "":
		return store.TallyRuns, x.flow
	case x.connection == noConnection:
		return store.TallyConnection, ""
	case x.connection != "":
		return store.TallyConnection, x.connection
	}
	return store.TallyAll, ""
}

// many is what is counted of the subject.
func (x dashSubject) many() string {
	if x.connection != "" {
		return "Requests"
	}
	return "Runs"
}

func (x dashSubject) address(stretch string) string {
	q := url.Values{"range": {stretch}}
	if x.flow != "" {
		q.Set("flow", x.flow)
	}
	if x.connection != "" {
		q.Set("connection", x.connection)
	}
	return "/dashboard?" + q.Encode()
}

func (s *Server) showDashboard(c echo.Context) error {
	d := dashboard{s: s, r: dashRanges()[1], now: s.Now()}
	if d.of.flow = c.QueryParam("flow"); d.of.flow == "" {
		d.of.connection = c.QueryParam("connection")
	}
	for _, r := range dashRanges() {
		if r.key == c.QueryParam("range") {
			d.r = r
		}
	}
	d.since = d.now.Add(-d.r.long).Truncate(max(d.r.step, d.r.sums)) // of bars and tables alike
	m, err := d.draw(c.Request().Context())
	if err != nil {
		return err
	}
	m.Shell = s.shell(c, "Dashboard", "dashboard")
	if isHTMX(c) {
		return render(c, http.StatusOK, views.DashboardLook(m))
	}
	return render(c, http.StatusOK, views.DashboardPage(m))
}

func (d dashboard) draw(ctx context.Context) (m views.Dashboard, err error) {
	m = views.Dashboard{URL: d.of.address(d.r.key), Words: d.r.words, Many: d.of.many(), FlowID: d.of.flow, ConnectionID: d.of.connection}
	for _, r := range dashRanges() {
		m.Ranges = append(m.Ranges, views.ChipModel{Label: r.label, Count: -1, Href: d.of.address(r.key), Pressed: r.key == d.r.key})
	}
	if d.of != (dashSubject{}) {
		m.All = dashSubject{}.address(d.r.key)
	}
	kind, subject := d.of.tallied()
	points, err := d.s.Store.TalliesOverTime(ctx, d.r.from, kind, subject, d.since)
	if err != nil {
		return m, err
	}
	bars, all := d.bars(points)
	m.Tiles, m.Empty = tiles(m.Many, all), all.All() == 0
	m.Runs, m.Times = d.runsChart(bars), d.timesChart(bars)
	return m, d.tables(ctx, &m)
}

// bar is what happened in one step of the range.
type dashBar struct {
	at    time.Time
	count meter.Count
}

// bars puts points where they belong; where there are none, nothing happened.
func (d dashboard) bars(points []store.TallyPoint) (bars []dashBar, all meter.Count) {
	for at := d.since; !at.After(d.now); at = at.Add(d.r.step) {
		bars = append(bars, dashBar{at: at})
	}
	for _, p := range points {
		all.Add(p.Count)
		if i := int(p.Slot.Sub(d.since) / d.r.step); i >= 0 && i < len(bars) {
			bars[i].count.Add(p.Count)
		}
	}
	return bars, all
}

func tiles(many string, all meter.Count) []views.StatModel {
	n := all.All()
	failed := views.StatModel{Label: "Failed", Value: thousands(all.Failed), Text: share(all.Failed, n)}
	if all.Failed > 0 {
		failed.Kind = "err"
	}
	return []views.StatModel{
		{Label: many, Value: thousands(n)}, failed,
		{Label: "Half took less than", Value: tookOrNone(all, .5)},
		{Label: "95 % took less than", Value: tookOrNone(all, .95)},
	}
}

func tookOrNone(c meter.Count, q float64) string {
	if c.All() == 0 {
		return "–"
	}
	return tookAbout(c.Quantile(q))
}

// tookAbout is a time to two figures: it is not known better.
func tookAbout(d time.Duration) string {
	for _, unit := range []time.Duration{time.Microsecond * 10, 100 * time.Microsecond, time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second} {
		if d < 100*unit {
			return took(d.Round(unit))
		}
	}
	return took(d.Round(time.Second))
}

func share(part, of int64) string {
	switch {
	case of == 0 || part == 0:
		return ""
	case part*1000 < of:
		return "less than 0.1 %"
	}
	return strconv.FormatFloat(float64(part)*100/float64(of), 'f', 1, 64) + " %"
}
