package web

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// openState is the filter of runs that failed for good and that nobody has dealt with.
const openState = "open"

func (s *Server) failuresRoutes(app *echo.Group) {
	app.GET("/runs/:run/dismiss", s.showDismiss)
	app.POST("/runs/:run/dismiss", s.dismiss)
	app.POST("/runs/:run/reopen", s.reopen)
	app.GET("/failures/dismiss", s.showDismissAll)
	app.POST("/failures/dismiss", s.dismissAll)
	app.GET("/flows/:id/failure", s.showOnFailure)
	app.POST("/flows/:id/failure", s.setOnFailure)
	app.GET("/flows/:id/mode", s.showKeeping)
	app.POST("/flows/:id/mode", s.setKeeping)
}

func (s *Server) showDismiss(c echo.Context) error {
	f, err := s.Store.Failure(c.Request().Context(), c.Param("run"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.DismissDialog(views.DismissModel{Action: "/runs/" + f.RunID + "/dismiss", Total: 1}))
}

// dismiss says that nothing more is to be done about a failed run, and why.
func (s *Server) dismiss(c echo.Context) error {
	if _, err := s.dismissThese(c.Request().Context(), []string{c.Param("run")}, s.user(c).Name, c.FormValue("note")); err != nil {
		return err
	}
	return goTo(c, "/runs/"+c.Param("run"))
}

// dismissThese returns how many of the runs it has dismissed. A note that
// would have to be cut is refused with schema.Problems.
func (s *Server) dismissThese(ctx context.Context, runs []string, by, note string) (int, error) {
	note = strings.TrimSpace(note)
	if n := utf8.RuneCountInString(note); n > store.MostNote {
		return 0, schema.Problems{{Field: "note", Message: "may have " + thousands(store.MostNote) + " letters, got " + thousands(int64(n))}}
	}
	return s.Store.HandleFailures(ctx, runs, store.FailureRow{Handled: s.Now(), How: store.Dismissed, By: by, Note: note})
}

// reopen puts a run back on the list.
func (s *Server) reopen(c echo.Context) error {
	if err := s.Store.ReopenFailure(c.Request().Context(), c.Param("run")); err != nil {
		return err
	}
	return goTo(c, "/runs/"+c.Param("run"))
}

func (s *Server) showDismissAll(c echo.Context) error {
	q := c.QueryParams()
	p, err := s.pick(c.Request().Context(), q.Get("flow"), strings.TrimSpace(q.Get("q")), "")
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.DismissDialog(views.DismissModel{Action: "/failures/dismiss", Total: len(p.runs), More: p.more, FlowID: p.flowID, Query: p.query, UpTo: p.upTo}))
}

func (s *Server) dismissAll(c echo.Context) error {
	ctx := c.Request().Context()
	p, err := s.pick(ctx, c.FormValue("flow"), c.FormValue("q"), c.FormValue("upto"))
	if err != nil {
		return err
	}
	if _, err := s.dismissThese(ctx, p.runs, s.user(c).Name, c.FormValue("note")); err != nil {
		return err
	}
	return goTo(c, runsOf(p.flowID, p.query))
}

// failureOf is what was done about a run; nil when nobody has to look at it.
func (s *Server) failureOf(ctx context.Context, runID string) (*views.RunFailure, error) {
	f, err := s.Store.Failure(ctx, runID)
	if notFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := &views.RunFailure{Handled: !f.Handled.IsZero(), Again: f.Again}
	if f.Problem != "" {
		m.Problem = "Its flow for failures was not called: " + f.Problem + "."
	}
	if m.Handled {
		m.Text = map[string]string{store.Redone: "Taken up again", store.Dismissed: "Dismissed"}[f.How] + " by " + f.By + ", " + moment(f.Handled, s.Now()) + "."
		if f.Note != "" {
			m.Text += " “" + f.Note + "”"
		}
	}
	return m, nil
}

// mostCounted is where the number beside Runs in the navigation stops.
const mostCounted = 100

// openFailures is the number beside Runs in the navigation.
func (s *Server) openFailures(ctx context.Context) int {
	n, err := s.Store.OpenFailures(ctx, "", mostCounted)
	if err != nil {
		return 0 // whatever is wrong, the page itself says so
	}
	return n
}

// showOnFailure asks which flow is called when runs of this one fail.
func (s *Server) showOnFailure(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	m := views.OnFailureModel{FlowID: flow.ID, Value: flow.Settings.OnFailure, Choices: []views.OptionModel{{Value: "", Label: "None: they are only listed"}}}
	for cursor := ""; ; {
		rows, next, err := s.Store.Flows(ctx, store.FlowFilter{Limit: 200, Cursor: cursor})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Version > 0 && (r.Trigger == "event.helper" || r.ID == m.Value) {
				m.Choices = append(m.Choices, views.OptionModel{Value: r.ID, Label: r.Name})
			}
		}
		if cursor = next; next == "" || len(m.Choices) > 500 {
			break
		}
	}
	if m.Value != "" && !m.Has(m.Value) {
		m.Choices = append(m.Choices, views.OptionModel{Value: m.Value, Label: "A flow that is gone"})
	}
	return render(c, http.StatusOK, views.OnFailureDialog(m))
}

// setOnFailure sets it. It takes effect at once.
func (s *Server) setOnFailure(c echo.Context) error {
	ctx, chosen, says := c.Request().Context(), c.FormValue("call"), "Nothing is called when runs fail"
	if chosen != "" {
		callee, err := s.Store.Callee(ctx, chosen, false)
		if err != nil {
			return err
		}
		says = "“" + callee.Name + "” is called when runs fail"
	}
	err := s.Store.UpdateFlow(ctx, c.Param("id"), func(f *flows.Flow) error {
		f.Settings.OnFailure, f.Updated, f.UpdatedBy = chosen, s.Now(), s.user(c).Name
		return nil
	})
	if err != nil {
		return err
	}
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/flows/"+c.Param("id")+"/runs")
	}
	trigger(c, "fd:close", struct{}{})
	trigger(c, "fd:toast", map[string]string{"text": says})
	return render(c, http.StatusOK, views.OnFailureSet(c.Param("id"), chosen != ""))
}
