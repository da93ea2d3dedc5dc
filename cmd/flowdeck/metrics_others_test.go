package main

import (
	"strings"
	"testing"

	"flowdeck/connectors"
	"flowdeck/meter"
)

// Connections beyond those that are counted apart are counted together, in every metric.
func TestMetricsOfTheOtherConnections(t *testing.T) {
	by, others := map[string]*connectors.Traffic{"": {}, "c_1": {}}, &connectors.Traffic{}
	page := &meter.Page{}
	connectionMetrics(page, by, others)
	if got := page.String(); strings.Contains(got, "(others)") {
		t.Errorf("without others they are there:\n%s", got)
	}
	by["c_1"].Answers[2].Add(1)
	others.Observe(1)
	others.Answers[2].Add(3)
	others.Answers[0].Add(2)
	others.Renewed.Add(1)
	page = &meter.Page{}
	connectionMetrics(page, by, others)
	got := page.String()
	for _, want := range []string{`flowdeck_upstream_seconds_count{connection="(others)"} 1`, `flowdeck_upstream_answers_total{connection="c_1",status="2xx"} 1`,
		`flowdeck_upstream_answers_total{connection="(others)",status="2xx"} 3`, `flowdeck_upstream_answers_total{connection="(others)",status="none"} 2`,
		`flowdeck_connection_renewals_total{connection="(others)",outcome="succeeded"} 1`} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %s:\n%s", want, got)
		}
	}
}
