package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// createFlow makes an empty draft and opens it.
func (s *Server) createFlow(c echo.Context) error {
	f := flows.Flow{Name: "Untitled flow", Draft: flows.Document{Format: flows.Format}, UpdatedBy: s.user(c).Name}
	id, err := s.storeNewFlow(c, f)
	if err != nil {
		return err
	}
	return goTo(c, "/flows/"+id)
}

// createSample adds the sample flow again and opens it.
func (s *Server) createSample(c echo.Context) error {
	if s.AddSample == nil {
		return flows.ErrNotFound
	}
	id, err := s.AddSample(c.Request().Context())
	if err != nil {
		return err
	}
	return goTo(c, "/flows/"+id)
}

// storeNewFlow gives f an id and an alias nobody has, and stores it.
func (s *Server) storeNewFlow(c echo.Context, f flows.Flow) (string, error) {
	f.ID, f.Created, f.Updated = store.NewID("f_"), s.Now(), s.Now()
	err := store.WithAlias(flows.AliasFrom(f.Alias, f.Name), func(alias string) error {
		f.Alias = alias
		return s.Store.CreateFlow(c.Request().Context(), f)
	})
	return f.ID, err
}

func (s *Server) duplicateFlow(c echo.Context) error {
	f, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	err = store.WithAlias(clip(f.Alias, 50)+"-copy", func(alias string) error {
		return s.Store.DuplicateFlow(c.Request().Context(), f.ID, store.FlowCopy{ID: store.NewID("f_"), Name: clip(f.Name, 190) + " copy", Alias: alias, By: s.user(c).Name})
	})
	if err != nil {
		return err
	}
	return s.flowsAgain(c, "Duplicated “"+f.Name+"”")
}

func (s *Server) turnFlowOn(c echo.Context) error  { return s.turnFlow(c, true) }
func (s *Server) turnFlowOff(c echo.Context) error { return s.turnFlow(c, false) }

func (s *Server) turnFlow(c echo.Context, on bool) error {
	name, err := s.switchTo(c.Request().Context(), c.Param("id"), on, s.user(c).Name)
	if err != nil {
		return err
	}
	if on {
		return s.flowsAgain(c, "“"+name+"” is live")
	}
	return s.flowsAgain(c, "“"+name+"” is paused")
}

// deleteFlow deletes a flow with its versions and runs, but not while runs are going:
// somebody waits for those.
func (s *Server) deleteFlow(c echo.Context) error {
	id := c.Param("id")
	err := s.dropFlow(c.Request().Context(), id)
	if errors.Is(err, errStillRunning) && isHTMX(c) {
		return stillRunning(c, id)
	}
	if err != nil {
		return err
	}
	return s.flowsAgain(c, "Deleted")
}

// errStillRunning keeps a flow from being deleted.
var errStillRunning = echo.NewHTTPError(http.StatusConflict, "Runs of this flow are still going, so it was kept. Cancel them or wait, then delete it.")

func (s *Server) dropFlow(ctx context.Context, id string) error {
	going, _, err := s.Store.Runs(ctx, store.RunFilter{FlowID: id, Status: store.UnderWay, Limit: 1})
	if err != nil {
		return err
	}
	if len(going) > 0 {
		return errStillRunning
	}
	return s.Store.DeleteFlow(ctx, id)
}

func stillRunning(c echo.Context, flowID string) error {
	trigger(c, "fd:toast", map[string]string{"text": fmt.Sprint(errStillRunning.Message), "kind": "err", "href": "/flows/" + flowID + "/runs", "label": "See its runs"})
	c.Response().Header().Set("HX-Reswap", "none")
	return c.NoContent(http.StatusConflict)
}

func (s *Server) showFlowDetails(c echo.Context) error {
	f, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.FlowDetails(views.FlowDetailsModel{ID: f.ID, Name: f.Name, Description: f.Description, Folder: f.Folder, Labels: strings.Join(f.Labels, ", ")}))
}

func (s *Server) saveFlowDetails(c echo.Context) error {
	d := flows.Details{Name: c.FormValue("name"), Description: c.FormValue("description"), Folder: c.FormValue("folder"),
		Labels: strings.Split(c.FormValue("labels"), ",")}.Clean()
	m := views.FlowDetailsModel{ID: c.Param("id"), Name: d.Name, Description: d.Description, Folder: d.Folder, Labels: c.FormValue("labels")}
	if problems := d.Check(); len(problems) > 0 {
		m.Problems = byField(problems)
		return render(c, http.StatusUnprocessableEntity, views.FlowDetails(m))
	}
	err := s.Store.UpdateFlow(c.Request().Context(), m.ID, func(f *flows.Flow) error {
		f.Name, f.Description, f.Folder, f.Labels, f.Updated, f.UpdatedBy = d.Name, d.Description, d.Folder, d.Labels, s.Now(), s.user(c).Name
		return nil
	})
	if err != nil {
		return err
	}
	// the dialog is closed and the page behind it shows the new name everywhere
	c.Response().Header().Set("HX-Refresh", "true")
	return c.NoContent(http.StatusOK)
}
