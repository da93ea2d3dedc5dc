package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/views"
)

// discoverConnection fills the form in with what an authorization server says of
// itself. Nothing is saved, and what is typed stays: secrets never leave the page
// for this but for the form they are posted with.
func (s *Server) discoverConnection(c echo.Context) error {
	old, err := s.storedConnection(c, c.FormValue("id"))
	if err != nil {
		return err
	}
	d, err := s.draftOf(c, old)
	if err != nil {
		return err
	}
	d.problems = nil
	found, err := s.Clients.Discover(c.Request().Context(), d.discover)
	if err := d.gather(err); err != nil {
		return err
	}
	if len(d.problems) > 0 {
		return s.connectionForm(c, http.StatusUnprocessableEntity, d, func(*views.ConnectionFormModel) {})
	}
	return s.connectionForm(c, http.StatusOK, d.fillIn(found), func(*views.ConnectionFormModel) {})
}

// fillIn is d with what a server says of itself.
func (d connectionDraft) fillIn(found connectors.Metadata) connectionDraft {
	before := d.filled["client_auth"]
	var notes []string
	d.filled, notes = found.Fill(d.kind, d.filled)
	d.offered = found.Scopes
	d.changed = d.filled["client_auth"] != before
	d.said = &views.NoteModel{Kind: "ok", Alert: true, Title: "Filled in from " + found.Issuer + ".", Text: "The addresses, the issuer and how the client proves itself are the server's own."}
	if len(notes) > 0 {
		d.said.Kind, d.said.Text = "warn", strings.Join(notes, " ")
	}
	return d
}

// discoverSection fills in the part of the form about discovery.
func discoverSection(m *views.ConnectionFormModel, d connectionDraft) {
	if _, has := d.kind.Form.Field("token_url"); !has {
		return
	}
	issuer, _ := d.filled["issuer"].(string)
	if d.from.preset.Name != "" && issuer == "" {
		return // the service is known, and does not describe itself
	}
	m.Discover = &views.DiscoverModel{Value: d.discover, Problem: m.Problems["discover"], Said: d.said, Offered: d.offered}
	if d.discover == "" && d.problems == nil {
		m.Discover.Value = issuer
	}
}

// scopesOffered reads what an earlier discovery offered.
func scopesOffered(c echo.Context) []string { return schema.SplitNames(c.FormValue("offered")) }
