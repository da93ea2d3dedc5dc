package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// downloadAnswer gives the whole body that the last try of a card got; the drawer shows its beginning.
func (s *Server) downloadAnswer(c echo.Context) error {
	t, err := s.Store.CardTest(c.Request().Context(), c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	got := t.Output
	if t.Error != nil {
		got = t.Error.Details
	}
	body, ok := got["body"]
	if !ok {
		return flows.ErrNotFound
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "no-store")
	if text, isText := body.(string); isText {
		h.Set(echo.HeaderContentDisposition, `attachment; filename="`+t.StepID+`-body.txt"`)
		return c.Blob(http.StatusOK, echo.MIMETextPlainCharsetUTF8, []byte(text))
	}
	data, err := schema.EncodeJSON(body)
	if err != nil {
		return err
	}
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+t.StepID+`-body.json"`)
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, data)
}
