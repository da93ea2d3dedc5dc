package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	flow  string // "": all flows
	now   time.Time
	since time.Time
}

func (s *Server) showDashboard(c echo.Context) error {
	d := dashboard{s: s, r: dashRanges()[1], flow: c.QueryParam("flow"), now: s.Now()}
	for _, r := range dashRanges() {
		if r.key == c.QueryParam("range") {
			d.r = r
		}
	}
	d.since = d.now.Add(-d.r.long).Truncate(d.r.step)
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

func (d dashboard) at(key, flow string) string {
	q := url.Values{"range": {key}}
	if flow != "" {
		q.Set("flow", flow)
	}
	return "/dashboard?" + q.Encode()
}

func (d dashboard) draw(ctx context.Context) (m views.Dashboard, err error) {
	m = views.Dashboard{URL: d.at(d.r.key, d.flow), Words: d.r.words, FlowID: d.flow}
	for _, r := range dashRanges() {
		m.Ranges = append(m.Ranges, views.ChipModel{Label: r.label, Count: -1, Href: d.at(r.key, d.flow), Pressed: r.key == d.r.key})
	}
	kind := store.TallyAll
	if d.flow != "" {
		kind = store.TallyRuns
		m.All = d.at(d.r.key, "")
	}
	points, err := d.s.Store.TalliesOverTime(ctx, d.r.from, kind, d.flow, d.since)
	if err != nil {
		return m, err
	}
	bars, all := d.bars(points)
	m.Tiles, m.Empty = tiles(all), all.All() == 0
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

func tiles(all meter.Count) []views.StatModel {
	n := all.All()
	failed := views.StatModel{Label: "Failed", Value: plain(all.Failed), Text: share(all.Failed, n)}
	if all.Failed > 0 {
		failed.Kind = "err"
	}
	return []views.StatModel{
		{Label: "Runs", Value: plain(n)}, failed,
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

// plain writes a number with spaces between thousands.
func plain(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
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

// label is when a bar begins, in words.
func (d dashboard) label(at time.Time) string { return at.In(d.now.Location()).Format(d.r.layout) }

func (d dashboard) runsChart(bars []dashBar) views.Chart {
	c := views.Chart{ID: "runs", Title: "Runs", Columns: []string{"From", "Succeeded", "Failed", "Stopped"},
		Series: []views.ChartSeries{{Label: "Succeeded", Kind: "ok"}, {Label: "Failed", Kind: "err"}, {Label: "Stopped", Kind: "off"}}}
	var total, failed int64
	for _, b := range bars {
		n := b.count
		good := n.All() - n.Failed - n.Cancelled
		total, failed = total+n.All(), failed+n.Failed
		c.Bars = append(c.Bars, views.ChartBar{Label: d.label(b.at), Values: []float64{float64(good), float64(n.Failed), float64(n.Cancelled)}, Texts: []string{plain(good), plain(n.Failed), plain(n.Cancelled)}})
	}
	c.Summary = plain(total) + " runs in the " + d.r.words + ", " + plain(failed) + " of them failed."
	c.Scale(func(v float64) string { return plain(int64(v)) })
	return c
}

func (d dashboard) timesChart(bars []dashBar) views.Chart {
	c := views.Chart{ID: "times", Title: "How long runs took", Lines: true, Columns: []string{"From", "Half", "95 %"},
		Series: []views.ChartSeries{{Label: "Half took less", Kind: "acc"}, {Label: "95 % took less", Kind: "warn"}}}
	for _, b := range bars {
		bar := views.ChartBar{Label: d.label(b.at), None: b.count.All() == 0}
		for _, q := range []float64{.5, .95} {
			bar.Values = append(bar.Values, float64(b.count.Quantile(q).Microseconds()))
			bar.Texts = append(bar.Texts, tookOrNone(b.count, q))
		}
		c.Bars = append(c.Bars, bar)
	}
	c.Summary = "How long half of the runs, and 95 % of them, took at most in the " + d.r.words + "."
	c.Scale(func(v float64) string {
		if v == 0 {
			return "0"
		}
		return tookAbout(time.Duration(v) * time.Microsecond)
	})
	return c
}

// tables are the flows with the most runs, the slowest cards, and the connections.
func (d dashboard) tables(ctx context.Context, m *views.Dashboard) error {
	steps, err := d.top(ctx, store.TallySteps, func(a, b store.TallySum) int { return cmp.Compare(b.Count.Quantile(.95), a.Count.Quantile(.95)) })
	if err != nil {
		return err
	}
	var ids []string
	for _, x := range steps {
		flow, _, _ := strings.Cut(x.Subject, "/")
		ids = append(ids, flow)
	}
	var runs, sent []store.TallySum
	if d.flow == "" {
		most := func(a, b store.TallySum) int { return cmp.Compare(b.Count.All(), a.Count.All()) }
		if runs, err = d.top(ctx, store.TallyRuns, most); err != nil {
			return err
		}
		if sent, err = d.top(ctx, store.TallyConnection, most); err != nil {
			return err
		}
		for _, x := range runs {
			ids = append(ids, x.Subject)
		}
	} else {
		ids = append(ids, d.flow)
	}
	slices.Sort(ids)
	drafts, err := d.s.Store.FlowTitles(ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	m.Flow = drafts[d.flow].Name
	for _, x := range runs {
		name := drafts[x.Subject].Name
		if name == "" {
			name = "A flow that was deleted"
		}
		m.Flows = append(m.Flows, row(name, "", d.at(d.r.key, x.Subject), x.Count))
	}
	for _, x := range steps {
		flow, step, _ := strings.Cut(x.Subject, "/")
		f := drafts[flow]
		card, _ := d.s.Cards.Card(f.Steps[step].Card)
		r := row(cmp.Or(f.Steps[step].Title, card.Title, step), f.Name, "", x.Count)
		if f.Name != "" {
			r.Href = "/flows/" + flow + "#card-" + step
		}
		if d.flow != "" {
			r.Text = ""
		}
		m.Cards = append(m.Cards, r)
	}
	return d.connections(ctx, m, sent)
}

func (d dashboard) connections(ctx context.Context, m *views.Dashboard, sent []store.TallySum) error {
	if len(sent) == 0 {
		return nil
	}
	all, err := d.s.Store.Connections(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{"": "Without a connection"}
	for _, c := range all {
		names[c.ID] = c.Name
	}
	for _, x := range sent {
		name, known := names[x.Subject]
		if !known {
			name = "A connection that was deleted"
		}
		r := row(name, "", "", x.Count)
		if known && x.Subject != "" {
			r.Href = "/connections/" + x.Subject
		}
		m.Connections = append(m.Connections, r)
	}
	return nil
}

// top are the first subjects of a kind, of one flow if one is looked at.
func (d dashboard) top(ctx context.Context, kind string, order func(a, b store.TallySum) int) ([]store.TallySum, error) {
	within := ""
	if d.flow != "" {
		within = d.flow + "/"
	}
	since := d.since
	if d.r.sums > d.r.step {
		since = d.since.UTC().Truncate(d.r.sums)
	}
	list, err := d.s.Store.TalliesBySubject(ctx, d.r.sums, kind, within, since)
	slices.SortFunc(list, func(a, b store.TallySum) int { return cmp.Or(order(a, b), cmp.Compare(a.Subject, b.Subject)) })
	return list[:min(len(list), mostListed)], err
}

func row(name, text, href string, c meter.Count) views.DashRow {
	return views.DashRow{Name: name, Text: text, Href: href, Count: plain(c.All()), Failed: plain(c.Failed), Share: share(c.Failed, c.All()),
		Half: tookOrNone(c, .5), Most: tookOrNone(c, .95)}
}
