package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/curl"
	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/views"
)

// opCurl is the edit that makes a card of a pasted command.
const opCurl = "curl"

func (s *Server) curlRoutes(app *echo.Group) {
	app.GET("/flows/:id/curl", s.showCurl)
	app.POST("/flows/:id/curl", s.previewCurl)
	app.POST("/connections/curl", s.connectionFromCurl)
}

// showCurl opens the dialog: for a new card at a place, or for the card step.
func (s *Server) showCurl(c echo.Context) error {
	m, err := s.curlModel(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.CurlDialog(m))
}

// previewCurl shows what a command would make, or what is wrong with it.
func (s *Server) previewCurl(c echo.Context) error {
	m, err := s.curlModel(c)
	if err != nil {
		return err
	}
	m.Command = c.FormValue("command")
	cmd, err := curl.Parse(m.Command)
	if err != nil {
		m.Problem = curlProblem(m.Command, err)
		return render(c, http.StatusUnprocessableEntity, views.CurlForm(m))
	}
	made := s.cardOf(cmd)
	card, _ := s.Cards.Card(made.card)
	m.Made = &views.CurlMade{Card: card.Title, Icon: card.Icon, Hue: string(card.Family), Notes: made.notes}
	add := func(key string, v any) {
		if v != nil {
			m.Made.Rows = append(m.Made.Rows, views.KVModel{Key: key, Value: short(literal(v))})
		}
	}
	for _, f := range card.Inputs.Fields {
		if v, ok := made.inputs[f.Name]; ok {
			if text, ok := v.(string); ok {
				v = chosen(f, text)
			}
			add(f.Label, v)
		}
	}
	m.Made.SignIn = signInWords(cmd.SignIn)
	return render(c, http.StatusOK, views.CurlForm(m))
}

func short(text string) string {
	if utf8.RuneCountInString(text) > 400 {
		return string([]rune(text)[:400]) + "…"
	}
	return text
}

func (s *Server) curlModel(c echo.Context) (views.CurlModel, error) {
	flow, err := s.Store.Flow(c.Request().Context(), c.Param("id"))
	if err != nil {
		return views.CurlModel{}, err
	}
	m := views.CurlModel{FlowID: flow.ID, Step: c.FormValue("step"), Parent: c.FormValue("parent"), Index: c.FormValue("index")}
	if m.Step != "" {
		step, ok := flow.Draft.Step(m.Step)
		if !ok {
			return m, flows.ErrNotFound
		}
		card, _ := s.Cards.Card(step.Card)
		if m.Title = step.Title; m.Title == "" {
			m.Title = card.Title
		}
	}
	return m, nil
}

// curlProblem says what is wrong with a command, and in which line and column.
func curlProblem(command string, err error) string {
	var e *curl.Error
	if !errors.As(err, &e) {
		return "This cannot be read: " + err.Error()
	}
	before := command[:min(e.At, len(command))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
	return "Line " + strconv.Itoa(line) + ", column " + strconv.Itoa(column) + ": " + e.Message + "."
}

// signInWords say what a command signs in with, without its secrets.
func signInWords(s curl.SignIn) string {
	var found []string
	switch {
	case s.Empty():
		return ""
	case s.User != "" || s.Password != "":
		kind := "Basic"
		if s.Digest {
			kind = "Digest"
		}
		found = append(found, kind+" as “"+s.User+"”")
	}
	for _, h := range s.Headers {
		found = append(found, "the header "+h.Name)
	}
	for _, q := range s.Query {
		found = append(found, "the query key “"+q.Name+"”")
	}
	return strings.Join(found, ", ")
}

// curlEdit is the edit that a command makes: a new card, or other inputs of one.
func (s *Server) curlEdit(c echo.Context, doc flows.Document) (flows.Edit, error) {
	cmd, err := curl.Parse(c.FormValue("command"))
	if err != nil {
		return flows.Edit{}, schema.Problems{{Field: "The command", Message: curlProblem(c.FormValue("command"), err)}}
	}
	made := s.cardOf(cmd)
	if id := c.FormValue("step"); id != "" {
		next, err := replaced(doc, id, made)
		return flows.Edit{Op: flows.OpReplace, Value: next}, err
	}
	return s.at(c, flows.Edit{Op: flows.OpInsert, Card: made.card, Parent: c.FormValue("parent"), Title: made.title, Value: made.inputs})
}

// replaced is doc with another card and other inputs in the place of a step, which
// keeps its id, its title and what is declared of its outputs.
func replaced(doc flows.Document, id string, made madeCard) (any, error) {
	plain, err := schema.Normal(doc)
	if err != nil {
		return nil, err
	}
	if !putCard(plain, id, made) {
		return nil, flows.ErrNotFound
	}
	return plain, nil
}

func putCard(v any, id string, made madeCard) bool {
	switch v := v.(type) {
	case map[string]any:
		if _, isStep := v["card"].(string); isStep && v["id"] == id {
			v["card"], v["inputs"] = made.card, map[string]any(made.inputs)
			return true
		}
		for name, x := range v {
			if name != "inputs" && putCard(x, id, made) {
				return true
			}
		}
	case []any:
		for _, x := range v {
			if putCard(x, id, made) {
				return true
			}
		}
	}
	return false
}

// hostOfURL is the host that a connection for the address is bound to.
func hostOfURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
