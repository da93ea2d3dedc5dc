package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"flowdeck/cards/schema"
	"flowdeck/flows"
	"flowdeck/flows/store"
	"flowdeck/views"
)

// choicesOffered is how many options one answer lists; typing narrows them down.
const choicesOffered = 50

// choiceSource is where the options of a format of fields come from.
type choiceSource struct {
	noun, icon string
	names      func(ctx context.Context, ids []string) (map[string]string, error)
	offer      func(ctx context.Context, query string) (list []views.ChoiceOption, more bool, err error)
	newURL     string // where another one is made; "" when not here
}

// choiceSource returns the source of a format; ok is false when there is none.
func (s *Server) choiceSource(format string) (src choiceSource, ok bool) {
	switch format {
	case schema.Flow:
		return choiceSource{noun: "flow", icon: "workflow", names: s.Store.FlowNames, offer: s.offerFlows}, true
	case schema.Table:
		return choiceSource{noun: "table", icon: "table", names: s.Store.TableNames, offer: s.offerTables, newURL: "/tables?new=1"}, true
	}
	return choiceSource{}, false
}

func (s *Server) choiceRoutes(app *echo.Group) {
	app.GET("/choices/:format", s.showChoices)
}

// showChoices answers the picker of a field that chooses.
func (s *Server) showChoices(c echo.Context) error {
	src, ok := s.choiceSource(c.Param("format"))
	if !ok {
		return flows.ErrNotFound
	}
	list, more, err := src.offer(c.Request().Context(), strings.TrimSpace(c.QueryParam("q")))
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Chosen = list[i].ID == c.QueryParam("value")
	}
	return render(c, http.StatusOK, views.ChoiceList(views.ChoiceListModel{Noun: src.noun, Icon: src.icon, Options: list, More: more, NewURL: src.newURL}))
}

func (s *Server) offerFlows(ctx context.Context, query string) ([]views.ChoiceOption, bool, error) {
	rows, next, err := s.Store.Flows(ctx, store.FlowFilter{Query: query, Limit: choicesOffered})
	list := make([]views.ChoiceOption, len(rows))
	for i, r := range rows {
		list[i] = views.ChoiceOption{ID: r.ID, Name: r.Name, Text: r.Description}
	}
	return list, next != "", err
}

func (s *Server) offerTables(ctx context.Context, query string) ([]views.ChoiceOption, bool, error) {
	tables, err := s.Store.Tables(ctx, query, choicesOffered+1)
	more := len(tables) > choicesOffered
	tables = tables[:min(len(tables), choicesOffered)]
	list := make([]views.ChoiceOption, len(tables))
	for i, t := range tables {
		list[i] = views.ChoiceOption{ID: t.ID, Name: t.Name, Text: strings.TrimSuffix(rowWords(t.Rows)+" · "+t.Description, " · ")}
	}
	return list, more, err
}

// chosenNames returns, by format and id, the names of what a document has chosen.
func (s *Server) chosenNames(ctx context.Context, list []flows.Choice) (map[string]map[string]string, error) {
	names := map[string]map[string]string{}
	for _, c := range list {
		src, ok := s.choiceSource(c.Format)
		if _, had := names[c.Format]; had || !ok {
			continue
		}
		found, err := src.names(ctx, flows.ChosenIDs(list, c.Format))
		if err != nil {
			return nil, err
		}
		names[c.Format] = found
	}
	return names, nil
}

// checkChoices finds the steps whose choice is gone.
func (d *drawing) checkChoices() {
	for _, p := range flows.Gone(d.facts.Choices, d.chosen) {
		d.addProblem(p)
	}
}

// addProblem adds a problem that the document alone does not show.
func (d *drawing) addProblem(p flows.Problem) {
	x := d.steps[p.Step]
	x.problem = append(x.problem, p)
	d.steps[p.Step] = x
	d.problems = append(d.problems, p)
}

// choice is what a field that chooses shows of its value.
func (d *drawing) choice(f schema.Field, value string) *views.PickedModel {
	src, ok := d.server.choiceSource(f.Format)
	if !ok {
		return nil
	}
	m := &views.PickedModel{Format: f.Format, Noun: src.noun, Icon: src.icon, Template: strings.Contains(value, "{{")}
	if value != "" && !m.Template {
		m.Name, ok = d.chosen[f.Format][value]
		m.Gone = !ok
	}
	return m
}
