package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/views"
)

// testConnection calls the test URL, or sees that there is a token.
func (s *Server) testConnection(c echo.Context) error {
	row, err := s.Store.Connection(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	notice := map[string]string{"text": "“" + row.Name + "” works: "}
	result, err := s.Clients.Test(c.Request().Context(), row.ID)
	var problems schema.Problems
	switch {
	case errors.As(err, &problems):
		notice = map[string]string{"kind": "err", "text": "“" + row.Name + "” has no test URL. Edit it and give an address that answers 200 to whoever is signed in."}
	case err != nil:
		return err
	case result.OK:
		notice["text"] += result.Message
	default:
		notice = map[string]string{"kind": "err", "text": "“" + row.Name + "” failed its test: " + result.Message}
	}
	return s.connectionActed(c, row.ID, notice)
}

// connectionActed answers an action that leaves the person where they are.
func (s *Server) connectionActed(c echo.Context, id string, notice map[string]string) error {
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/connections/"+id)
	}
	trigger(c, "fd:toast", notice)
	trigger(c, connectionChanged, struct{}{})
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) showRename(c echo.Context) error {
	row, err := s.Store.Connection(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/connections/"+row.ID+"/edit")
	}
	return render(c, http.StatusOK, views.ConnectionRename(views.ConnectionFormModel{ID: row.ID, Name: row.Name, Description: row.Description}))
}

func (s *Server) renameConnection(c echo.Context) error {
	old, err := s.Store.Connection(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	d, err := s.draftOf(c, old)
	if err != nil {
		return err
	}
	if problemOf(d.problems, "name") == "" && problemOf(d.problems, "description") == "" {
		err := s.Store.UpdateConnection(c.Request().Context(), old.ID, func(x *connectors.Connection) error {
			x.Name, x.Description, x.Updated, x.UpdatedBy = d.row.Name, d.row.Description, s.Now(), s.user(c).Name
			return nil
		})
		if err := d.gather(takenName(err)); err != nil {
			return err
		}
	}
	if len(d.problems) > 0 {
		return render(c, http.StatusUnprocessableEntity, views.ConnectionRename(views.ConnectionFormModel{ID: old.ID, Name: d.row.Name,
			Description: d.row.Description, Problems: byField(d.problems)}))
	}
	s.Clients.Forget(old.ID)
	trigger(c, "fd:close", struct{}{})
	return s.connectionActed(c, old.ID, map[string]string{"text": "Renamed to “" + d.row.Name + "”"})
}

func (s *Server) showDelete(c echo.Context) error { return s.askDelete(c, http.StatusOK) }

// askDelete shows the question, or the flows because of which there is none.
func (s *Server) askDelete(c echo.Context, status int) error {
	ctx := c.Request().Context()
	row, err := s.Store.Connection(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	uses, err := s.Store.ConnectionUses(ctx, row.ID)
	if err != nil {
		return err
	}
	m := views.ConnectionDeleteModel{ID: row.ID, Name: row.Name, Dialog: isHTMX(c)}
	for _, u := range uses {
		m.Uses = append(m.Uses, useModel(u, false))
	}
	if m.Dialog {
		return render(c, status, views.ConnectionDelete(m))
	}
	return render(c, status, views.ConnectionsPage(views.ConnectionsModel{Shell: s.shell(c, "Delete connection", "connections"), Delete: &m}))
}

func (s *Server) deleteConnection(c echo.Context) error {
	id := c.Param("id")
	row, err := s.Store.Connection(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if err := s.Store.DeleteConnection(c.Request().Context(), id); errors.Is(err, flows.ErrInUse) {
		return s.askDelete(c, http.StatusConflict)
	} else if err != nil {
		return err
	}
	s.Clients.Forget(id)
	if !isHTMX(c) {
		return c.Redirect(http.StatusSeeOther, "/connections")
	}
	trigger(c, "fd:close", struct{}{})
	trigger(c, "fd:drawer-close", struct{}{})
	trigger(c, "fd:gone", struct{}{})
	trigger(c, "fd:toast", map[string]string{"text": "Deleted “" + row.Name + "”"})
	return c.NoContent(http.StatusNoContent)
}
