package web

import (
	"context"
	"fmt"
	"strings"
	"time"

	"flowdeck/connectors"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// namedFlows is how many flows a notice names; the rest it counts.
const namedFlows = 6

// shownRisks is how many notices stand above a list.
const shownRisks = 4

// risks are the connections because of which live flows have stopped or stop soon,
// those that have stopped first.
func (s *Server) risks(ctx context.Context) ([]views.RiskModel, error) {
	now := s.Now()
	list, err := s.Store.Risks(ctx, now, now.Add(connectors.Ahead))
	if err != nil {
		return nil, err
	}
	var stopped, ahead []views.RiskModel
	for _, r := range list {
		f, _ := r.Connection.Forecast(now)
		m := s.risk(r, f)
		if f.Stopped {
			stopped = append(stopped, m)
		} else {
			ahead = append(ahead, m)
		}
	}
	all := append(stopped, ahead...)
	return all[:min(len(all), shownRisks)], nil
}

func (s *Server) risk(r store.Risk, f connectors.Forecast) views.RiskModel {
	c, n := r.Connection, len(r.Flows)
	m := views.RiskModel{ID: c.ID, Href: "/connections/" + c.ID}
	m.Flows, m.More = flowLinks(r.Flows)
	many := fmt.Sprintf("%d live flows", n)
	if n == 1 {
		many = "One live flow"
	}
	switch {
	case f.Stopped && c.State == connectors.Failing:
		m.Kind, m.Title = "err", "“"+c.Name+"” fails."
		m.Text = fmt.Sprintf("%s %s %s until this is put right:", ended(f.Why), many, plural(n, "fails", "fail"))
	case f.Stopped:
		m.Kind, m.Title = "err", "“"+c.Name+"” is signed out."
		m.Text = fmt.Sprintf("%s %s %s until someone signs in again:", ended(f.Why), many, plural(n, "fails", "fail"))
	default:
		m.Kind, m.Title = "warn", fmt.Sprintf("%d %s %s.", n, plural(n, "flow stops", "flows stop"), onDay(f.At, s.Now()))
		m.Text = "“" + c.Name + "”: " + ended(f.Why)
	}
	return m
}

// flowLinks names the first flows and counts the others.
func flowLinks(list []store.FlowName) (links []views.LinkModel, more string) {
	for _, f := range list[:min(len(list), namedFlows)] {
		links = append(links, views.LinkModel{Text: f.Name, Href: "/flows/" + f.ID})
	}
	if n := len(list) - namedFlows; n > 0 {
		more = fmt.Sprintf("and %d more", n)
	}
	return links, more
}

// onDay says when something happens: "at 15:04", "on 3 December", "on 2 January 2027".
func onDay(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	switch {
	case !t.After(now):
		return "any moment"
	case t.Sub(now) < 20*time.Hour:
		return "at " + t.Format("15:04")
	case t.Year() == now.Year():
		return "on " + t.Format("2 January")
	}
	return "on " + t.Format("2 January 2006")
}

func ended(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
