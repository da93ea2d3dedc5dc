package web

import (
	"context"
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

// graces are how long an endpoint may still answer at the alias that it had.
var graces = []views.OptionModel{{Value: "168h", Label: "for a week more"}, {Value: "720h", Label: "for 30 days more"}, {Value: "24h", Label: "for a day more"}, {Value: "0s", Label: "no more, at once"}}

// storeEndpoint stores the settings of an endpoint; its old alias goes on for a while
// when that is asked for.
func (s *Server) storeEndpoint(ctx context.Context, id, by string, form endpointForm, settings flows.Settings) error {
	holder, err := s.Store.AliasHolder(ctx, form.alias)
	if err == nil && holder != id {
		return flows.ErrTaken
	}
	if err != nil && !errors.Is(err, flows.ErrNotFound) {
		return err
	}
	var before string
	err = s.Store.UpdateFlow(ctx, id, func(f *flows.Flow) error {
		before = f.Alias
		// These are set elsewhere, each where it belongs.
		settings.RequireTests, settings.Mode, settings.History, settings.OnFailure = f.Settings.RequireTests, f.Settings.Mode, f.Settings.History, f.Settings.OnFailure
		f.Alias, f.Settings, f.Updated, f.UpdatedBy = form.alias, settings, s.Now(), by
		return nil
	})
	if err != nil || before == form.alias {
		return err
	}
	if err := s.Store.DropAlias(ctx, id, form.alias); err != nil {
		return err
	}
	grace, err := time.ParseDuration(form.grace)
	if err != nil || grace <= 0 {
		return nil // not asked for
	}
	return s.Store.KeepAlias(ctx, id, before, s.Now().Add(min(grace, 90*24*time.Hour)))
}

// dropAlias ends an old alias before its time.
func (s *Server) dropAlias(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.Store.DropAlias(ctx, flow.ID, c.FormValue("alias")); err != nil {
		return err
	}
	m, err := s.endpointModel(c, flow, formOf(flow), nil)
	if err != nil {
		return err
	}
	return render(c, 200, views.OldAliases(m))
}
