package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// failure is what a person, or a program, is told about an error.
type failure struct {
	status int
	title  string
	text   string
	fields schema.Problems
}

// fail is the one place where an error becomes a status.
func (s *Server) fail(err error, c echo.Context) {
	f := explain(err)
	if m := c.Request().Method; f.fields != nil && (m == http.MethodGet || m == http.MethodHead) {
		f.title = "That cannot be shown"
	}
	if f.status == http.StatusInternalServerError {
		s.Log.ErrorContext(c.Request().Context(), "request failed", "method", c.Request().Method,
			"path", loggedPath(c), "request", requestID(c), "err", err)
		f.text = "It is not your doing. If it happens again, give your administrator this number: " + requestID(c)
	}
	if c.Response().Committed {
		return
	}
	linger(c.Response(), c.Request())
	if err := s.tell(c, f); err != nil {
		s.Log.ErrorContext(c.Request().Context(), "error page failed", "request", requestID(c), "err", err)
	}
}

func explain(err error) failure {
	var (
		problems schema.Problems
		flow     flows.Problems
		coded    *echo.HTTPError
		tooLong  *http.MaxBytesError
		trouble  *store.Trouble
	)
	switch {
	case errors.As(err, &problems):
		return failure{http.StatusUnprocessableEntity, "That cannot be saved yet", problems.Error(), problems}
	case errors.As(err, &flow):
		return failure{http.StatusUnprocessableEntity, "The flow has things to fix first", flow.Error(), nil}
	case errors.Is(err, flows.ErrNotFound):
		return failure{http.StatusNotFound, "Not found", "It was deleted, or the address is wrong.", nil}
	case errors.Is(err, flows.ErrConflict):
		return failure{http.StatusConflict, "Changed by someone else", "Someone changed this after you opened it, and nothing was overwritten. Load the page again to see their change.", nil}
	case errors.Is(err, flows.ErrInUse):
		return failure{http.StatusConflict, "Still in use", "It is still in use, so it was kept.", nil}
	case errors.Is(err, flows.ErrTaken):
		return failure{http.StatusUnprocessableEntity, "Already taken", "That name is already taken. Choose another one.", nil}
	case errors.As(err, &tooLong):
		return failure{http.StatusRequestEntityTooLarge, "Too large", "What was sent is larger than this page takes.", nil}
	case errors.As(err, &coded):
		return fromCode(coded)
	case errors.Is(err, connectors.ErrSealed):
		return failure{http.StatusConflict, "Its secrets cannot be opened", "They were sealed with another master key. Edit the connection and enter all of them again, or have that key brought back.", nil}
	case errors.As(err, &trouble):
		return failure{http.StatusServiceUnavailable, "Nothing can be kept at the moment", trouble.What() + " " + trouble.Do() + " Nothing was changed.", nil}
	case errors.Is(err, context.Canceled):
		return failure{499, "Closed", "The request was closed before it was done.", nil} // nobody reads it
	}
	return failure{status: http.StatusInternalServerError, title: "Something broke on our side"}
}

func fromCode(he *echo.HTTPError) failure {
	text, _ := he.Message.(string)
	switch he.Code {
	case http.StatusNotFound:
		return failure{he.Code, "Not found", "There is nothing at this address.", nil}
	case http.StatusMethodNotAllowed:
		return failure{he.Code, "Not possible here", "This address does not take that kind of request.", nil}
	case http.StatusInternalServerError:
		return failure{status: he.Code, title: "Something broke on our side"}
	}
	return failure{he.Code, http.StatusText(he.Code), text, nil}
}

// tell answers in the form that the caller reads: JSON, a notice over the page
// they are on, or a page.
func (s *Server) tell(c echo.Context, f failure) error {
	switch {
	case isAPI(c.Request()) || strings.Contains(c.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON):
		return c.JSON(f.status, errorBody(f, requestID(c)))
	case isHTMX(c):
		trigger(c, "fd:toast", map[string]string{"text": f.title + ". " + f.text, "kind": "err"})
		c.Response().Header().Set("HX-Reswap", "none")
		return c.NoContent(f.status)
	}
	return render(c, f.status, views.ErrorPage(views.ErrorModel{Status: f.status, Title: f.title, Text: f.text}))
}

func errorBody(f failure, request string) map[string]any {
	e := map[string]any{"status": f.status, "title": f.title, "message": f.text, "request": request}
	if len(f.fields) > 0 {
		fields := make([]map[string]string, len(f.fields))
		for i, p := range f.fields {
			fields[i] = map[string]string{"field": p.Field, "message": p.Message}
		}
		e["fields"] = fields
	}
	return map[string]any{"error": e}
}

// trigger asks the page to handle an event, beside those it was asked before.
func trigger(c echo.Context, event string, detail any) {
	const header = "HX-Trigger"
	all := map[string]any{}
	if before := c.Response().Header().Get(header); before != "" {
		_ = json.Unmarshal([]byte(before), &all) // we wrote it ourselves
	}
	all[event] = detail
	text, err := json.Marshal(all)
	if err != nil {
		panic("web: event " + event + " is not JSON: " + err.Error()) // a mistake in the program
	}
	c.Response().Header().Set(header, ascii(text))
}

// ascii writes JSON in letters that a header can carry.
func ascii(text []byte) string {
	var b strings.Builder
	for _, r := range string(text) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x10000:
			b.WriteString(escape(r))
		default:
			r -= 0x10000
			b.WriteString(escape(0xD800 + r>>10))
			b.WriteString(escape(0xDC00 + r&0x3FF))
		}
	}
	return b.String()
}

func escape(r rune) string {
	const hex = "0123456789abcdef"
	return `\u` + string([]byte{hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15]})
}
