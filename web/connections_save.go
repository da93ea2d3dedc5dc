package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

func (s *Server) createConnection(c echo.Context) error {
	d, err := s.draftOf(c, connectors.Connection{})
	if err != nil {
		return err
	}
	if d.fresh { // chosen without a script: its fields were not on the page
		d.problems = nil
		return s.connectionForm(c, http.StatusOK, d, func(*views.ConnectionFormModel) {})
	}
	row, err := s.newConnectionRow(d.kind, d.row, d.settings, d.network, s.user(c).Name)
	if err := d.gather(err); err != nil {
		return err
	}
	if len(d.problems) == 0 {
		if err := d.gather(takenName(s.Store.CreateConnection(c.Request().Context(), row))); err != nil {
			return err
		}
	}
	if len(d.problems) > 0 {
		return s.connectionForm(c, http.StatusUnprocessableEntity, d, func(*views.ConnectionFormModel) {})
	}
	if d.kind.Interactive() {
		return s.beginSignIn(c, row.ID, forStep(d.flow, d.step))
	}
	return s.connectionSaved(c, row, d, "Created “"+row.Name+"”")
}

// newConnectionRow is a connection that can be stored; what is wrong with it is schema.Problems.
func (s *Server) newConnectionRow(kind connectors.AuthType, row connectors.Connection, settings, network schema.Values, by string) (connectors.Connection, error) {
	row.ID, row.Type, row.Created = store.NewID("c_"), kind.Name, s.Now()
	row.Updated, row.UpdatedBy = row.Created, by
	return row, s.Vault.Change(kind, &row, settings, network)
}

// changeConnection gives a stored connection what is new in row, its settings and its
// network settings; nil settings of the network stay. When it is not of the revision that
// was seen any more, nothing is changed and the error is errChanged.
func (s *Server) changeConnection(ctx context.Context, kind connectors.AuthType, row connectors.Connection, settings, network schema.Values, by string, seen int64) error {
	err := s.Store.UpdateConnection(ctx, row.ID, func(x *connectors.Connection) error {
		if seen != anyRevision && x.Revision != seen {
			return errChanged
		}
		if err := s.Vault.Bind(x); err != nil {
			return err
		}
		x.Name, x.Description, x.TestURL, x.Hosts = row.Name, row.Description, row.TestURL, row.Hosts
		x.Updated, x.UpdatedBy = s.Now(), by
		return s.Vault.Change(kind, x, settings, network)
	})
	if err == nil {
		s.Clients.Forget(row.ID)
	}
	return takenName(err)
}

// anyRevision is seen by who changes whatever there is.
const anyRevision = -1

var errChanged = errors.New("it was changed meanwhile")

var nameTaken = schema.Problem{Field: "name", Message: "belongs to another connection: choose another one"}

// connectionSaved tests what can be tested, and goes back to where the person came from.
func (s *Server) connectionSaved(c echo.Context, row connectors.Connection, d connectionDraft, said string) error {
	notice := map[string]string{"text": said}
	if row.TestURL != "" || d.kind.Refreshes() && !d.kind.Interactive() {
		result, err := s.Clients.Test(c.Request().Context(), row.ID)
		if err != nil {
			return err
		}
		notice["text"] = said + ". Test: " + result.Message
		if !result.OK {
			notice["kind"] = "err"
		}
	}
	if !isHTMX(c) {
		to := "/connections/" + row.ID
		if d.flow != "" {
			to = "/flows/" + d.flow
		}
		return c.Redirect(http.StatusSeeOther, to)
	}
	trigger(c, "fd:close", struct{}{})
	trigger(c, "fd:toast", notice)
	trigger(c, connectionChanged, struct{}{})
	if d.step != "" {
		trigger(c, "fd:connect", map[string]string{"step": d.step, "connection": row.ID})
	}
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) saveConnection(c echo.Context) error {
	ctx := c.Request().Context()
	old, err := s.Store.Connection(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	d, err := s.draftOf(c, old)
	if err != nil {
		return err
	}
	if seen, err := strconv.ParseInt(c.FormValue("seen"), 10, 64); err == nil && seen != old.Updated.UnixMicro() {
		return s.changedMeanwhile(c, old, d)
	}
	row := d.row
	if err := d.gather(s.Vault.Change(d.kind, &row, d.settings, d.network)); err != nil {
		return err
	}
	if len(d.problems) == 0 {
		err := s.changeConnection(ctx, d.kind, row, d.settings, d.network, s.user(c).Name, anyRevision)
		if err := d.gather(err); err != nil {
			return err
		}
	}
	if len(d.problems) > 0 {
		return s.connectionForm(c, http.StatusUnprocessableEntity, d, func(*views.ConnectionFormModel) {})
	}
	if c.FormValue("connect") != "" && d.kind.Interactive() {
		return s.beginSignIn(c, old.ID, forStep(d.flow, d.step))
	}
	return s.connectionSaved(c, row, d, "Saved “"+row.Name+"”")
}

// takenName makes a name that exists a problem of its field.
func takenName(err error) error {
	if errors.Is(err, flows.ErrTaken) {
		return schema.Problems{nameTaken}
	}
	return err
}

// changedMeanwhile keeps what was typed and says who saved in between; saving again replaces it.
func (s *Server) changedMeanwhile(c echo.Context, now connectors.Connection, d connectionDraft) error {
	return s.connectionForm(c, http.StatusConflict, d, func(m *views.ConnectionFormModel) {
		by := now.UpdatedBy
		if by == "" {
			by = "Someone"
		}
		m.Note = &views.NoteModel{Kind: "warn", Alert: true, Title: fmt.Sprintf("%s changed this connection at %s.", by, exactly(now.Updated, s.Now())),
			Text: "Your changes are below and were not saved. Save again to replace theirs, or close this to keep them."}
	})
}

// forStep names the card that waits for a connection.
func forStep(flow, step string) string {
	if flow == "" || step == "" {
		return ""
	}
	return flow + "/" + step
}
