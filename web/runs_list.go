package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// firstPage is how many runs a list begins with, and mostLive how many live
// updates may make of it.
const (
	firstPage = 50
	mostLive  = 200
)

func (h history) filter() store.RunFilter {
	f := store.RunFilter{FlowID: h.flowID, Query: h.query, Before: h.before, Limit: firstPage}
	switch h.state {
	case "failed":
		f.Status = flows.Failed
	case openState:
		f.Status, f.Open = flows.Failed, true
	case "running":
		f.Status = store.UnderWay
	case "stopped":
		f.Status = flows.Cancelled
	}
	return f
}

// runList is a page of the list; current is the run that is open beside it.
func (s *Server) runList(ctx context.Context, h history, current string) (views.RunList, error) {
	rows, next, err := s.Store.Runs(ctx, h.filter())
	if err != nil {
		return views.RunList{}, err
	}
	m, err := s.drawList(ctx, h, rows, current)
	if err != nil {
		return m, err
	}
	day := h.day
	if len(rows) > 0 {
		last := rows[len(rows)-1]
		m.Oldest, day = last.ID, last.Created.In(s.Now().Location()).Format(time.DateOnly)
	}
	if next != "" { // a page of a search may be empty and have a next one
		m.More = h.at(h.list(), "before", next, "day", day)
	}
	return m, nil
}

// drawList puts rows into words, day by day.
func (s *Server) drawList(ctx context.Context, h history, rows []store.RunRow, current string) (views.RunList, error) {
	m := views.RunList{URL: h.list(), Query: h.query, State: h.state, FlowID: h.flowID, Empty: h.nothing()}
	if !h.further {
		counts, err := s.Store.RunCounts(ctx, h.flowID)
		if err != nil {
			return m, err
		}
		open, err := s.Store.OpenFailures(ctx, h.flowID, store.CountCap)
		if err != nil {
			return m, err
		}
		m.Chips = h.chips(counts, open)
		if open > 0 && (h.state == openState || h.state == "failed") {
			m.Redo, m.Dismiss = h.redoURL("/redos/new"), h.redoURL("/failures/dismiss")
		}
	}
	now, day := s.Now(), ""
	if h.further {
		day = h.day // its heading stands on the page already
	}
	for _, row := range rows {
		created := row.Created.In(now.Location())
		if d := created.Format(time.DateOnly); d != day || len(m.Groups) == 0 {
			g := views.RunGroup{}
			if d != day {
				g.Label = dayLabel(created, now)
			}
			m.Groups, day = append(m.Groups, g), d
		}
		g := &m.Groups[len(m.Groups)-1]
		g.Rows = append(g.Rows, s.runRow(ctx, h, row, now, current))
	}
	return m, nil
}

func (s *Server) runRow(ctx context.Context, h history, r store.RunRow, now time.Time, current string) views.RunRow {
	m := views.RunRow{ID: r.ID, Href: h.at("/runs/" + r.ID), Current: r.ID == current, Time: r.Created.In(now.Location()).Format("15:04")}
	m.Kind, m.Icon, m.Title = s.outcomeOf(ctx, r)
	if !r.Status.Done() {
		m.Time = took(max(now.Sub(r.Created), 0))
	}
	add := func(text string) {
		if text != "" {
			m.About = append(m.About, text)
		}
	}
	if h.flowID == "" {
		add(r.FlowName)
	}
	add(r.Key)
	if r.Status == flows.Failed {
		m.Cause = r.ErrorMessage
	} else {
		add(r.Source)
	}
	return m
}

// outcomeOf says in words how a run went.
func (s *Server) outcomeOf(ctx context.Context, r store.RunRow) (kind, icon, title string) {
	switch r.Status {
	case flows.Queued:
		return "off", "clock", "Waiting for a place"
	case flows.Waiting:
		return "off", "clock", "Waiting to go on"
	case flows.Running:
		if r.Cancel {
			return "run", "loader", "Stopping"
		}
		return "run", "loader", "Running"
	case flows.Cancelled:
		return "off", "circle", "Stopped"
	case flows.Failed:
		title = "Failed at " + s.stepTitle(ctx, r.Document, r.ErrorPath)
		if r.ErrorPath == "" {
			title = "Failed"
		}
		return "err", "circle-x", title
	}
	title = "Done"
	if r.ResponseStatus > 0 {
		title = "Answered " + strconv.Itoa(r.ResponseStatus)
	}
	if r.Retries == 0 {
		return "ok", "circle-check", title
	}
	return "warn", "triangle-alert", title + " after " + count(r.Retries, "retry", "retries")
}

// stepTitle is what the step at path is called in that document.
func (s *Server) stepTitle(ctx context.Context, document string, path flows.Path) string {
	if program, err := s.Programs(ctx, document); err == nil {
		for _, step := range program.Steps() {
			if step.Path == path.Place() {
				return step.Title
			}
		}
	}
	_, id, _ := cutLast(string(path), "/")
	return id
}

// cutLast cuts s around the last sep; all of s is after when there is none.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

func (h history) chips(n store.RunCounts, open int) []views.ChipModel {
	chip := func(label, state string, count int) views.ChipModel {
		href := h.at(h.list(), "state", state)
		return views.ChipModel{Label: label, Count: count, Most: store.CountCap, Href: href, Pressed: h.state == state}
	}
	chips := []views.ChipModel{chip("All", "", -1), chip("Failed", "failed", n.Failed), chip("Running", "running", n.Open)}
	if open > 0 || h.state == openState {
		chips = append(chips[:1], append([]views.ChipModel{chip("To look at", openState, open)}, chips[1:]...)...)
	}
	if n.Stopped > 0 || h.state == "stopped" {
		chips = append(chips, chip("Stopped", "stopped", n.Stopped))
	}
	return chips
}

// nothing is what an empty list says.
func (h history) nothing() views.EmptyModel {
	switch {
	case h.query != "":
		return views.EmptyModel{Icon: "search", Hue: "data", Title: "Nothing found", Text: "No run has “" + h.query + "” in its id, what it began with, what it gave back or its error. " + h.searched()}
	case h.state == openState:
		return views.EmptyModel{Icon: "circle-check", Hue: "data", Title: "Nothing to look at", Text: "Runs of published flows that fail show here until somebody takes them up again or dismisses them."}
	case h.state == "failed":
		return views.EmptyModel{Icon: "circle-check", Hue: "data", Title: "Nothing failed", Text: "Runs that fail show here, with the card and the reason."}
	case h.state != "":
		return views.EmptyModel{Icon: "history", Hue: "data", Title: "No such runs", Text: "There are none in this state now."}
	}
	return views.EmptyModel{Icon: "history", Hue: "http", Title: "No runs yet", Text: "Every run shows here as it happens: publish a flow and call it, or press Run in the builder."}
}

// searched says in which runs a page of a search looked.
func (h history) searched() string {
	if h.before != "" {
		return "Text is looked for in 10,000 runs at a time."
	}
	return "Text is looked for in the newest 10,000 runs; where there are older ones, Load more looks in those."
}

func dayLabel(t, now time.Time) string {
	switch t.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return "Today"
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return "Yesterday"
	}
	if t.Year() == now.Year() {
		return t.Format("Monday, 2 January")
	}
	return t.Format("2 January 2006")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(int64(n)) + " " + many
}
