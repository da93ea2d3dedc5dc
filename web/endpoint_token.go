package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/views"
)

// makeToken makes a client token and shows it this once. Those before go on working as
// long as the form says.
func (s *Server) makeToken(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	token := "fdt_" + rand.Text() // 130 random bits
	sum := sha256.Sum256([]byte(token))
	err = s.Store.RotateToken(ctx, flow.ID, hex.EncodeToString(sum[:]), "…"+token[len(token)-4:], s.user(c).Name, s.Now().Add(overlap(c.FormValue("overlap"))))
	if err != nil {
		return err
	}
	return s.tokenBox(c, flow, token)
}

// endToken ends one client token at once.
func (s *Server) endToken(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.Store.EndToken(ctx, flow.ID, c.FormValue("token")); err != nil {
		return err
	}
	return s.tokenBox(c, flow, "")
}

func (s *Server) tokenBox(c echo.Context, flow flows.Flow, fresh string) error {
	m, err := s.endpointModel(c, flow, formOf(flow), nil)
	if err != nil {
		return err
	}
	m.Token.Fresh = fresh
	if isHTMX(c) {
		return render(c, http.StatusOK, views.EndpointTokenBox(m))
	}
	return render(c, http.StatusOK, views.EndpointPage(s.shell(c, m.Title(), "flows"), m))
}

// tokensModel draws the client tokens that work.
func (s *Server) tokensModel(c echo.Context, m *views.EndpointModel, flowID string) error {
	ctx, now := c.Request().Context(), s.Now()
	s.authority.ledger.flush(ctx)
	tokens, err := s.Store.Tokens(ctx, flowID)
	if err != nil {
		return err
	}
	m.Token.Overlaps = overlaps
	for _, t := range tokens {
		m.Token.Rows = append(m.Token.Rows, views.EndpointTokenRow{Hash: t.Hash, Hint: t.Hint, Text: "made " + moment(t.Created, now) + " by " + t.By,
			Ends: dayAndTime(t.Expires), LastUsed: moment(t.Used, now)})
	}
	old, err := s.Store.OldAliases(ctx, flowID)
	for _, x := range old {
		m.OldAliases = append(m.OldAliases, views.OldAliasModel{Alias: x.Alias, Until: dayAndTime(x.Until)})
	}
	return err
}
