package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

// runsRoutes are the history: lists, runs, and what to do about them.
func (s *Server) runsRoutes(app *echo.Group) {
	app.GET("/runs", s.showRuns)
	app.GET("/flows/:id/runs", s.showRuns)
	app.GET("/runs/stream", s.streamRuns)
	app.GET("/flows/:id/runs/stream", s.streamRuns)
	app.GET("/runs/:run", s.showRun)
	app.GET("/runs/:run/live", s.streamRun)
	app.GET("/runs/:run/steps/*", s.showRun)
	app.GET("/runs/:run/raw/*", s.downloadValue)
	app.GET("/runs/:run/more/*", s.moreOfValue)
	app.GET("/runs/:run/har", s.downloadHAR)
	app.GET("/runs/:run/har/*", s.downloadHAR)
	app.POST("/runs/:run/rerun", s.rerun)
	app.GET("/runs/:run/redo", s.showRedo)
	app.POST("/runs/:run/redo", s.redo)
	app.POST("/runs/:run/cancel", s.cancelRun)
}

// history is which runs a page lists, as its address says.
type history struct {
	all                  bool // of every flow
	flowID, query, state string
	before, day          string // of a further page: after which run, and under which day it was
	further              bool   // only that page is wanted
	try                  string // of a card: which attempt
}

func historyOf(c echo.Context) history {
	q := c.QueryParams()
	h := history{flowID: c.Param("id"), query: strings.TrimSpace(q.Get("q")), state: q.Get("state"), before: q.Get("before"),
		day: q.Get("day"), try: q.Get("try")}
	h.all = h.flowID == "" && (q.Get("all") != "" || c.Param("run") == "")
	h.further = h.before != "" && isHTMX(c)
	return h
}

// list is the address of the list that the page is about.
func (h history) list() string {
	if h.flowID == "" {
		return "/runs"
	}
	return "/flows/" + h.flowID + "/runs"
}

// at is the address of path with the same list beside it; more are pairs of a name and a value.
func (h history) at(path string, more ...string) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("q", h.query)
	set("state", h.state)
	if h.all && path != "/runs" {
		set("all", "1")
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Del(more[i])
		set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// showRuns is a list of runs without one chosen.
func (s *Server) showRuns(c echo.Context) error {
	h := historyOf(c)
	if h.further {
		list, err := s.runList(c.Request().Context(), h, "")
		if err != nil {
			return err
		}
		return render(c, http.StatusOK, views.RunsMore(list))
	}
	page, err := s.runsPage(c, h, nil, "")
	if err != nil {
		return err
	}
	return s.renderRuns(c, page)
}

// showRun is one run, and one card of it.
func (s *Server) showRun(c echo.Context) error {
	run, err := s.Store.Run(c.Request().Context(), c.Param("run"))
	if err != nil {
		return err
	}
	h := historyOf(c)
	if !h.all {
		h.flowID = run.FlowID
	}
	page, err := s.runsPage(c, h, &run, flows.Path(c.Param("*")))
	if err != nil {
		return err
	}
	return s.renderRuns(c, page)
}

func (s *Server) renderRuns(c echo.Context, page views.RunsPage) error {
	if isHTMX(c) {
		return render(c, http.StatusOK, views.RunsPanes(page))
	}
	return render(c, http.StatusOK, views.Runs(page))
}

// runsPage fills the page: the list, and the run and the card when there is one.
func (s *Server) runsPage(c echo.Context, h history, run *flows.Run, at flows.Path) (views.RunsPage, error) {
	ctx := c.Request().Context()
	m := views.RunsPage{Title: "Runs", FlowID: h.flowID, View: "list"}
	var flow flows.Flow
	if h.flowID != "" || run != nil {
		id := h.flowID
		if run != nil {
			id = run.FlowID
		}
		var err error
		if flow, err = s.Store.Flow(ctx, id); err != nil && (run == nil || !notFound(err)) {
			return m, err
		}
	}
	if h.flowID != "" {
		m.Sampled = flow.Settings.Sample()
		m.Title, m.CanStart, m.Back = flow.Name, flow.Draft.Trigger.Card != "", "/flows/"+h.flowID
		m.Failure = flow.Settings.OnFailure != ""
	}
	current := ""
	if run != nil {
		current = run.ID
		if err := s.fillRun(ctx, &m, h, flow, *run, at); err != nil {
			return m, err
		}
	}
	var err error
	if m.List, err = s.runList(ctx, h, current); err != nil {
		return m, err
	}
	m.Stream, m.StreamID = s.streamOf(h, m, run, at)
	m.Shell = s.shell(c, m.Title+" · Runs", "runs")
	if m.Title == "Runs" {
		m.Shell.Title = "Runs"
	}
	return m, nil
}
