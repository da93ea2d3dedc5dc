package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// bodyOf is the body that a try of a card got, whether or not it failed.
func bodyOf(t store.CardTest) (any, error) {
	got := t.Output
	if t.Error != nil {
		got = t.Error.Details
	}
	body, ok := got["body"]
	if !ok {
		return nil, flows.ErrNotFound
	}
	return body, nil
}

// moreOfAnswer answers with lines of the body that the drawer left out.
func (s *Server) moreOfAnswer(c echo.Context) error {
	ctx := c.Request().Context()
	rest, err := restAsked(c)
	if err != nil {
		return err
	}
	d, x, err := s.stepToTest(ctx, c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	t, err := s.Store.CardTest(ctx, d.flow.ID, x.step.ID)
	if err != nil {
		return err
	}
	body, err := bodyOf(t)
	if err != nil {
		return err
	}
	m := views.JSONTreeModel{Label: "Body received", Rows: views.JSONMore(underRoot(body, "body", rest.Path), rest, moreLines),
		More: func(r views.JSONRest) string { return history{}.at(c.Request().URL.Path, restQuery(r)...) }}
	if t.Error == nil {
		m.Add = d.offer(x, m.Rows, body)
	}
	return renderMore(c, m)
}

// downloadAnswer gives the whole body that the last try of a card got; the drawer shows its beginning.
func (s *Server) downloadAnswer(c echo.Context) error {
	t, err := s.Store.CardTest(c.Request().Context(), c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	body, err := bodyOf(t)
	if err != nil {
		return err
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
