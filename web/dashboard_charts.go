package web

import (
	"strings"
	"time"

	"flowdeck/views"
)

// label is when a bar begins, in words.
func (d dashboard) label(at time.Time) string { return at.In(d.now.Location()).Format(d.r.layout) }

func (d dashboard) runsChart(bars []dashBar) views.Chart {
	many := d.of.many()
	c := views.Chart{ID: "runs", Title: many, Columns: []string{"From"},
		Series: []views.ChartSeries{{Label: "Succeeded", Kind: "ok"}, {Label: "Failed", Kind: "err"}, {Label: "Stopped", Kind: "off"}}}
	if d.of.connection != "" {
		c.Series = c.Series[:2] // a request that is stopped has failed
	}
	for _, series := range c.Series {
		c.Columns = append(c.Columns, series.Label)
	}
	var total, failed int64
	for _, b := range bars {
		n := b.count
		total, failed = total+n.All(), failed+n.Failed
		bar := views.ChartBar{Label: d.label(b.at)}
		for _, v := range []int64{n.All() - n.Failed - n.Cancelled, n.Failed, n.Cancelled}[:len(c.Series)] {
			bar.Values, bar.Texts = append(bar.Values, float64(v)), append(bar.Texts, thousands(v))
		}
		c.Bars = append(c.Bars, bar)
	}
	c.Summary = thousands(total) + " " + strings.ToLower(many) + " in the " + d.r.words + ", " + thousands(failed) + " of them failed."
	c.Scale(func(v float64) string { return thousands(int64(v)) })
	return c
}

func (d dashboard) timesChart(bars []dashBar) views.Chart {
	c := views.Chart{ID: "times", Title: "How long " + strings.ToLower(d.of.many()) + " took", Lines: true, Columns: []string{"From", "Half", "95 %"},
		Series: []views.ChartSeries{{Label: "Half took less", Kind: "acc"}, {Label: "95 % took less", Kind: "warn"}}}
	for _, b := range bars {
		bar := views.ChartBar{Label: d.label(b.at), None: b.count.All() == 0}
		for _, q := range []float64{.5, .95} {
			bar.Values = append(bar.Values, float64(b.count.Quantile(q).Microseconds()))
			bar.Texts = append(bar.Texts, tookOrNone(b.count, q))
		}
		c.Bars = append(c.Bars, bar)
	}
	c.Summary = "How long half of the " + strings.ToLower(d.of.many()) + ", and 95 % of them, took at most in the " + d.r.words + "."
	c.Scale(func(v float64) string {
		if v == 0 {
			return "0"
		}
		return tookAbout(time.Duration(v) * time.Microsecond)
	})
	return c
}
