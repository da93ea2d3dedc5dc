package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/connectors"
	"flowdeck/flows"
)

// copyCards answers with cards as text for a clipboard. Connections go by their
// names too, so that another server can find its own.
func (s *Server) copyCards(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	clip, err := flow.Draft.Clip(strings.Fields(c.QueryParam("steps")), s.Cards)
	if err != nil {
		return err
	}
	conns, err := s.Store.Connections(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, x := range conns {
		names[x.ID] = x.Name
	}
	clip.Each(func(step *flows.Step) {
		if name := names[step.Connection]; name != "" {
			if clip.Connections == nil {
				clip.Connections = map[string]string{}
			}
			clip.Connections[step.Connection] = name
		}
	})
	text, err := json.MarshalIndent(clip, "", "  ")
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, string(text))
}

// pasteEdit reads cards from a clipboard for a place in the flow.
func (s *Server) pasteEdit(c echo.Context, e flows.Edit) (flows.Edit, error) {
	clip, err := flows.ReadClip(c.FormValue("text"))
	if err != nil {
		return e, err
	}
	conns, err := s.Store.Connections(c.Request().Context())
	if err != nil {
		return e, err
	}
	clip.Each(func(step *flows.Step) { step.Connection = connectionHere(step.Connection, clip.Connections, conns) })
	e.Value = clip.Cards
	return e, nil
}

// connectionHere is the connection that pasted cards use: the same one, one of the
// same name, or what they say, for the card to say that it is not here.
func connectionHere(id string, names map[string]string, conns []connectors.Connection) string {
	if id == "" {
		return ""
	}
	named := ""
	for _, x := range conns {
		if x.ID == id {
			return id
		}
		if x.Name == names[id] && names[id] != "" {
			named = x.ID
		}
	}
	if named != "" {
		return named
	}
	return id
}
