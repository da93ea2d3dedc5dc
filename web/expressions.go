package web

import (
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
)

// maxShownValue is how much of a value is shown while an expression is typed, in bytes.
const maxShownValue = 4000

func (s *Server) expressionRoutes(app *echo.Group) {
	app.GET("/expressions/functions", s.expressionFunctions)
	app.POST("/flows/:id/steps/:step/expression", s.tryExpression)
}

// expressionFunctions lists what expressions may call.
func (s *Server) expressionFunctions(c echo.Context) error {
	type function struct {
		Name      string `json:"name"`
		Signature string `json:"signature"`
		Gives     string `json:"gives"`
		Does      string `json:"does"`
	}
	var list []function
	for _, f := range flows.Offers(s.Cards) {
		list = append(list, function(f))
	}
	return c.JSON(http.StatusOK, list)
}

// tried is what the page shows of an expression while it is typed.
type tried struct {
	Value  string `json:"value,omitempty"`
	Type   string `json:"type,omitempty"`
	Error  string `json:"error,omitempty"`
	Column int    `json:"column,omitempty"`
	Note   string `json:"note,omitempty"`
}

// tryExpression evaluates an expression on the values of the last run or test.
func (s *Server) tryExpression(c echo.Context) error {
	ctx := c.Request().Context()
	flow, err := s.Store.Flow(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	samples, err := s.Store.SampleOutputs(ctx, flow.ID)
	if err != nil {
		return err
	}
	samples["run"] = schema.Values{"id": "r_example", "started": s.Now().UTC().Format("2006-01-02T15:04:05Z")}
	samples["flow"] = schema.Values{"id": flow.ID, "name": flow.Name, "alias": flow.Alias}
	t := flows.Try(flow.Draft, c.Param("step"), c.FormValue("block"), c.FormValue("field"), c.FormValue("src"), s.Cards,
		func(step string) (schema.Values, bool) { v, ok := samples[step]; return v, ok })
	answer := tried{Error: t.Wrong, Column: t.Column, Note: t.Note}
	if t.Wrong == "" && !t.None {
		answer.Type, answer.Value = typeWord(t.Value), shownValue(t.Value)
	}
	return c.JSON(http.StatusOK, answer)
}

// typeWord names the type of a value, and how much of it there is.
func typeWord(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case bool:
		return "true/false"
	case []any:
		return "list of " + strconv.Itoa(len(v))
	}
	return string(schema.TypeOf(v))
}

// shownValue is a value as it is read, cut when it is long.
func shownValue(v any) string {
	text, isText := v.(string)
	if !isText {
		data, err := schema.EncodeJSON(v)
		if err != nil {
			return ""
		}
		text = string(data)
	}
	if len(text) <= maxShownValue {
		return text
	}
	cut := maxShownValue
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
