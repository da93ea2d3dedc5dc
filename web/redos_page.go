package web

import (
	"cmp"
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// listedRedone is how many runs of each outcome the page of a redo lists.
const listedRedone = 20

// showRedos is how far a redo has come. Its part asks for itself until nothing changes.
func (s *Server) showRedos(c echo.Context) error {
	ctx := c.Request().Context()
	driven := s.redos.drives(c.Param("redo")) // asked first: what it begins after that is not counted yet
	r, err := s.Store.Redo(ctx, c.Param("redo"))
	if err != nil {
		return err
	}
	n, err := s.Store.RedoCounts(ctx, r.ID)
	if err != nil {
		return err
	}
	m := views.RedoPage{ID: r.ID, By: r.By, When: moment(r.Created, s.Now()), Running: r.Status == store.RedoRunning, Stopped: r.Status == store.RedoStopped, Ending: driven && r.Status == store.RedoStopped,
		FromStart: r.From == store.FromStart, Live: r.Version == liveVersion, Total: r.Total,
		Waiting: n.Waiting, Refused: n.Refused, UnderWay: n.UnderWay, Succeeded: n.Succeeded, Failed: n.Failed, Gone: n.Gone, Back: runsOf(r.FlowID, r.Query)}
	if m.Lists, err = s.redoLists(ctx, m); err != nil {
		return err
	}
	if r.FlowID != "" {
		flow, err := s.Store.Flow(ctx, r.FlowID)
		if err != nil && !notFound(err) {
			return err
		}
		m.Flow = cmp.Or(flow.Name, "a flow that is gone")
	}
	if isHTMX(c) {
		return render(c, http.StatusOK, views.RedoProgress(m))
	}
	m.Shell = s.shell(c, "Runs taken up again", "runs")
	return render(c, http.StatusOK, views.RedoShow(m))
}

// runsOf is the list of failed runs that a redo was made from.
func runsOf(flowID, query string) string {
	h := history{flowID: flowID, query: query, state: openState}
	return h.at(h.list())
}

// redoLists are the runs of each outcome: what has to be looked at comes first.
func (s *Server) redoLists(ctx context.Context, m views.RedoPage) (lists []views.RedoList, err error) {
	add := func(l views.RedoList) {
		if len(l.Runs) > 0 {
			lists = append(lists, l)
		}
	}
	begun := func(l views.RedoList, as store.RedoOutcome) error {
		rows, err := s.Store.BegunRedoRuns(ctx, m.ID, as, listedRedone)
		for _, r := range rows {
			l.Runs = append(l.Runs, views.RedoRun{ID: r.ID, Text: redoneWords(r)})
		}
		add(l)
		return err
	}
	if err := begun(views.RedoList{ID: "redo-failed", Title: "Failed again", Total: m.Failed, Rest: m.Back}, store.RedoFailed); err != nil {
		return nil, err
	}
	refused, err := s.Store.RefusedRedoRuns(ctx, m.ID, listedRedone)
	if err != nil {
		return nil, err
	}
	l := views.RedoList{ID: "redo-refused", Title: "Refused", Total: m.Refused, Rest: m.Back}
	for _, x := range refused {
		l.Runs = append(l.Runs, views.RedoRun{ID: x.RunID, Text: x.Problem})
	}
	add(l)
	if err := begun(views.RedoList{ID: "redo-underway", Title: "Under way", Total: m.UnderWay}, store.RedoUnderWay); err != nil {
		return nil, err
	}
	err = begun(views.RedoList{ID: "redo-succeeded", Title: "Succeeded", Total: m.Succeeded}, store.RedoSucceeded)
	return lists, err
}

func redoneWords(r store.RunRow) string {
	text := cmp.Or(r.FlowName, "a flow that is gone")
	switch {
	case r.Status == flows.Cancelled:
		return text + ": it was stopped"
	case r.ErrorMessage != "":
		return text + ": " + r.ErrorMessage
	}
	return text
}
