package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

// showKeeping asks how runs of a flow are kept.
func (s *Server) showKeeping(c echo.Context) error {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	m := views.KeepingModel{FlowID: flow.ID, Mode: "standard", History: "full"}
	if flow.Settings.Express() {
		m.Mode = "express"
	}
	if flow.Settings.Outline() {
		m.History = flow.Settings.History
	}
	return render(c, http.StatusOK, views.KeepingDialog(m))
}

// setKeeping sets it, for the runs that begin from now on.
func (s *Server) setKeeping(c echo.Context) error {
	mode, history := c.FormValue("mode"), c.FormValue("history")
	if problems := (flows.Settings{Mode: mode}).Check(); mode == "" || len(problems) > 0 {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, "Choose Standard or Express.")
	}
	if problems := (flows.Settings{History: history}).Check(); history == "" || len(problems) > 0 {
		return echo.NewHTTPError(http.StatusUnprocessableEntity, "Choose Everything, An outline or A sample.")
	}
	err := s.Store.UpdateFlow(c.Request().Context(), c.Param("id"), func(f *flows.Flow) error {
		if f.Settings.Mode = mode; mode == "standard" {
			f.Settings.Mode = ""
		}
		if f.Settings.History = history; history == "full" {
			f.Settings.History = ""
		}
		f.Updated, f.UpdatedBy = s.Now(), s.user(c).Name
		return nil
	})
	if err != nil {
		return err
	}
	return settled(c, "/flows/"+c.Param("id")+"/runs", "It holds for runs that begin from now on", views.KeepingSettled(flows.Settings{History: history}.Sample()))
}
